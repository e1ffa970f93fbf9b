package dev.shootdown.iommu.arm;

import dev.shootdown.iommu.Answer;
import dev.shootdown.iommu.Endpoint;
import dev.shootdown.iommu.Fault;
import dev.shootdown.iommu.Geometry;
import dev.shootdown.iommu.Iommu;
import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.Report;
import dev.shootdown.iommu.Ring;
import dev.shootdown.iommu.SecondStage;
import dev.shootdown.memory.Entry;
import dev.shootdown.memory.Frames;
import dev.shootdown.memory.Translation;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import dev.shootdown.trace.Kind;
import java.util.List;

/** The side of an SMMU that devices meet: tables, faults and their records, page requests, stalled accesses. */
abstract sealed class SmmuStreams extends Iommu permits ArmIommu {
    /** 16, 16 and 32 bytes; a wrap bit tells full from empty; the event queue goes on after it has lost a record. */
    private static final Geometry GEOMETRY =
            new Geometry(Geometry.Shape.of(2, 0), Geometry.Shape.of(2, 0), new Geometry.Shape(ArmEvent.WORDS, 0, false));
    /** IDR5.OAS: 48 bits. */
    private static final int OUTPUT_BITS = 48;
    private static final long OVERFLOW = 1L << 31;

    private final ArmFeatures features;
    private final boolean explains;
    private final boolean deniesPri;
    private final Configuration configuration;

    SmmuStreams(Iommus iommus, String name, IommuOptions options, ArmFeatures features) {
        super(iommus, name, options.automatic(true), GEOMETRY);
        this.features = options.nested() ? features.e2h(false) : features;
        this.explains = options.era().explains();
        this.deniesPri = options.deniesPri();
        this.configuration = new Configuration(iommus.engine().world(), name, iommus.frames(), iommus.levels(), this.features,
                secondStage());
    }

    public final ArmFeatures features() {
        return features;
    }

    @Override
    protected SecondStage.Format secondStageFormat() {
        return new Stage2Descriptor();
    }

    final Configuration configuration() {
        return configuration;
    }

    // ---------------------------------------------------------------- tables

    /** The physical address of the stream table: SMMU_STRTAB_BASE. */
    public long streamTable() {
        return configuration.streams().address();
    }

    /** Writes a device's stream table entry; the hardware goes on with the old one until CMD_CFGI_STE. */
    public void write(Endpoint endpoint, StreamTableEntry entry) {
        configuration.write(endpoint, entry);
    }

    /** A device's stream table entry as it stands in memory. */
    public StreamTableEntry stream(Endpoint endpoint) {
        return configuration.stream(endpoint);
    }

    /** Writes a PASID's context descriptor; the hardware goes on with the old one until CMD_CFGI_CD. */
    public void write(Endpoint endpoint, int pasid, ContextDescriptor descriptor) {
        configuration.write(endpoint, pasid, descriptor);
    }

    @Override
    protected void attached(Endpoint endpoint) {
        configuration.attach(endpoint);
    }

    @Override
    protected long configured(Endpoint endpoint, int pasid) {
        return configuration.configured(endpoint, pasid);
    }

    @Override
    protected long root(Endpoint endpoint, int pasid) {
        return configuration.root(endpoint, pasid);
    }

    @Override
    protected void writeTable(Endpoint endpoint, int pasid, long root) {
        configuration.root(endpoint, pasid, root);
    }

    // ---------------------------------------------------------------- faults

    @Override
    protected boolean reserved(long entry, int level) {
        return Entry.present(entry) && Entry.frame(entry) >>> OUTPUT_BITS - Frames.PAGE_SHIFT != 0;
    }

    /** Where hardware is not to set the access flag, an entry without it is a fault: CD.HA. */
    @Override
    protected int refusal(Endpoint endpoint, int pasid, long entry, boolean leaf, boolean updates) {
        if (!leaf || (entry & Entry.ACCESSED) != 0) {
            return 0;
        }
        ContextDescriptor descriptor = configuration.context(endpoint, pasid);
        return descriptor == null || descriptor.ha() ? 0 : ArmEvent.Id.F_ACCESS.code();
    }

    /** Linux gives every user's page PXN (PAGE_SHARED_EXEC and its like), and CDs no PAN: data it may reach. */
    @Override
    protected int supervisorOnUserPage(Endpoint endpoint, int pasid) {
        return ~Translation.EXECUTE;
    }

    /** 3.9.1.2: what a translation request is answered. */
    @Override
    protected Answer answer(Fault fault) {
        ArmEvent.Id id = Configuration.id(fault);
        if (id == null || id == ArmEvent.Id.F_BAD_ATS_TREQ) {
            return Answer.UNSUPPORTED;
        }
        return id.translation() ? Answer.EMPTY : Answer.ABORT;
    }

    @Override
    protected Step faulted(Endpoint endpoint, Fault fault) {
        return stalls(endpoint, fault) ? new Stall(number(), endpoint.number(), fault) : super.faulted(endpoint, fault);
    }

    /** Stage 2 does not stall (STE.S2S); faults of translation in stage 1 stall where the stream may and the descriptor says so. */
    private boolean stalls(Endpoint endpoint, Fault fault) {
        ArmEvent.Id id = Configuration.id(fault);
        if (!endpoint.stalls() || id == null || !id.translation() || Configuration.ofStage2(fault)) {
            return false;
        }
        ContextDescriptor descriptor = configuration.context(endpoint, fault.pasid());
        return descriptor != null && descriptor.stall() && !configuration.fetched(endpoint).s1Stalld();
    }

    void stall(Turn turn, Endpoint endpoint, Fault fault) {
        event(configuration.record(endpoint, fault, Configuration.id(fault), endpoint.number(), true));
        endpoint.stall(turn, new PageRequest(endpoint.number(), fault.pasid(), fault.addr(), endpoint.number(), true, fault.access()));
    }

    @Override
    protected void logFault(Turn turn, Endpoint endpoint, Fault fault) {
        ArmEvent.Id id = Configuration.id(fault);
        if (id == null || !recorded(endpoint, fault, id)) {
            return;
        }
        ArmEvent record = configuration.record(endpoint, fault, id, 0, false);
        event(record);
        turn.emit(Kind.IO_PAGE_FAULT, () -> new Event.IoPageFault(name(), endpoint.name(), fault.pasid(), fault.addr(), record.word(1),
                record.log(name(), endpoint.name(), explains)));
    }

    /** STE.S2R for those of stage 2, CD.R for other faults of translation; CR2.REC_CFG_ATS for what else a translation request ends at. */
    private boolean recorded(Endpoint endpoint, Fault fault, ArmEvent.Id id) {
        if (Configuration.ofStage2(fault)) {
            return configuration.fetched(endpoint).s2r();
        }
        if (id.translation()) {
            ContextDescriptor descriptor = configuration.context(endpoint, fault.pasid());
            return descriptor == null || descriptor.record();
        }
        boolean request = endpoint.ats() && id != ArmEvent.Id.F_BAD_ATS_TREQ && id != ArmEvent.Id.F_TRANSL_FORBIDDEN;
        return !request || features.recordsAts();
    }

    /** CR0.ATSCHK: translated accesses of a stream that may not translate are aborted. */
    @Override
    public boolean forbids(Endpoint endpoint, int pasid) {
        if (!features.atsCheck()) {
            return false;
        }
        StreamTableEntry stream = configuration.fetched(endpoint);
        return stream == null || stream.eats() != StreamTableEntry.EATS_TRANS;
    }

    @Override
    public List<Step> forbidden(Endpoint endpoint, int pasid, long addr, int access) {
        Fault fault = new Fault(pasid, addr, access, Fault.Why.TABLES, ArmEvent.Id.F_TRANSL_FORBIDDEN.code());
        return List.of(super.faulted(endpoint, fault));
    }

    // ---------------------------------------------------------------- page requests

    /** A stream that cannot be looked up is answered Response Failure at once (8.1), and so is all while the queue cannot be written. */
    @Override
    public int request(Turn turn, PageRequest request) {
        StreamTableEntry stream = configuration.fetched(iommus().endpoint(request.device()));
        boolean readable = stream != null && !stream.bad(ContextTable.SUBSTREAM_BITS);
        int code = readable ? super.request(turn, request) : PageRequest.FAILURE;
        return requestLog().aborted() ? PageRequest.FAILURE : code;
    }

    /** arm_smmu_handle_ppr, where the driver is Linux's own: nobody serves what is asked for by PRI. */
    @Override
    public List<Step> unfit(PageRequest request) {
        boolean byPri = request.device() >= 0 && !iommus().endpoint(request.device()).stalls();
        return deniesPri && byPri ? List.of(new HandlePpr(number(), request)) : List.of();
    }

    /** A driver that denies all requests knows no stop marker either. */
    @Override
    public boolean dropsStopMarkers() {
        return !deniesPri;
    }

    @Override
    protected Ring.Slot entry(PageRequest request) {
        return record(request);
    }

    static PriEntry record(PageRequest request) {
        boolean read = Translation.allows(request.access(), Translation.READ);
        boolean write = Translation.allows(request.access(), Translation.WRITE);
        boolean execute = Translation.allows(request.access(), Translation.EXECUTE);
        return new PriEntry(Iommus.requester(request.device()), request.pasid(),
                Translation.allows(request.access(), Translation.PRIVILEGED), execute, read, write, request.last(), request.pasid() != 0,
                request.group(), request.addr());
    }

    @Override
    protected PageRequest request(Ring.Slot words) {
        PriEntry entry = PriEntry.decode(words.word(0), words.word(1));
        return new PageRequest(number(behind(entry.sid())), entry.ssid(), entry.address(), entry.group(), entry.last(), entry.access());
    }

    private static int number(Endpoint endpoint) {
        return endpoint == null ? -1 : endpoint.number();
    }

    /** SMMU_EVENTQ_PROD: index, wrap bit and, while records were lost that nobody has acknowledged, OVFLG. */
    public final long eventProducer() {
        return events().producer() | (eventLog().overflowed() ? OVERFLOW : 0);
    }

    /** SMMU_PRIQ_PROD: likewise. */
    public final long requestProducer() {
        return requests().producer() | (requestLog().overflowed() ? OVERFLOW : 0);
    }

    /** The line about records that were lost ({@code arm_smmu_evtq_thread}). */
    @Override
    public List<Step> eventsLost() {
        return List.of(new Report(number(), "arm-smmu-v3 " + name() + ": EVTQ overflow detected -- events lost"));
    }

    /** PRIQ overflow: what is there has been processed, and the flag is acknowledged ({@code arm_smmu_priq_thread}). */
    @Override
    public void emptied(Turn turn) {
        if (requestLog().overflowed()) {
            requestLog().restart();
            turn.then(new Report(number(), "arm-smmu-v3 " + name() + ": PRIQ overflow detected -- requests lost"));
        }
    }

    // ---------------------------------------------------------------- stalled accesses

    @Override
    public boolean asksByEvents() {
        boolean any = false;
        for (Endpoint endpoint : endpoints()) {
            any |= endpoint.stalls();
        }
        return any;
    }

    @Override
    public boolean hasRequest() {
        boolean requests = super.hasRequest();
        return requests | asksByEvents() & events().ready();
    }

    /** A page request, or the next stalled access in the event queue; records of others are read and done with. */
    @Override
    public PageRequest takeRequest() {
        PageRequest request = super.takeRequest();
        while (request == null && asksByEvents() && events().ready()) {
            ArmEvent record = ArmEvent.decode(events().word(0), events().word(1), events().word(2), events().word(3));
            events().pop();
            request = record.stall() ? stalled(record) : null;
        }
        if (asksByEvents() && eventLog().overflowed() && !events().ready()) {
            eventLog().restart();
        }
        return request;
    }

    /** Each stalled access is a group of its own, of which it is the last ({@code arm_smmu_handle_event}). */
    private PageRequest stalled(ArmEvent record) {
        int access = (record.rnw() ? Translation.READ : Translation.WRITE) | (record.ind() ? Translation.EXECUTE : 0)
                | (record.pnu() ? Translation.PRIVILEGED : 0);
        return new PageRequest(number(behind(record.sid())), record.ssid(), record.address() & -Frames.PAGE_SIZE, record.stag(), true, access);
    }
}

package dev.shootdown.iommu.arm;

import static dev.shootdown.iommu.arm.ArmRig.ATS;
import static dev.shootdown.iommu.arm.ArmRig.BUFFER;
import static dev.shootdown.iommu.arm.ArmRig.PAGE;
import static dev.shootdown.iommu.arm.ArmRig.PASID;
import static dev.shootdown.iommu.arm.ArmRig.PLAIN;
import static dev.shootdown.iommu.arm.ArmRig.PRI;
import static dev.shootdown.iommu.arm.ArmRig.RW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.IommuOptions;
import dev.shootdown.iommu.Iommus;
import dev.shootdown.iommu.PageRequest;
import dev.shootdown.iommu.arm.Tlbi.Operation;
import dev.shootdown.memory.Use;
import dev.shootdown.sim.Actor;
import dev.shootdown.sim.Step;
import dev.shootdown.sim.Turn;
import dev.shootdown.trace.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command queue: its ends, its errors, what each command does and what it promises. */
class ArmQueueTest {
    private static Step tlbi(ArmRig rig, Operation operation, int vmid, int asid, Tlbi.Span span) {
        return rig.smmu.command(new Tlbi(operation, vmid, asid, span));
    }

    private static Tlbi.Span page(int tg, boolean leaf) {
        return new Tlbi.Span(BUFFER, 0, 1, 0, tg, leaf);
    }

    /** A page that the TLB, the walk cache and, with ATS, the device know. */
    private static ArmRig known(ArmFeatures features) {
        ArmRig rig = new ArmRig(ATS, IommuOptions.DEFAULT, features);
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.smmu.iotlb().size(PASID)).isEqualTo(1);
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        return rig;
    }

    @Test
    void theWrapBitTellsFullFromEmpty() {
        ArmRig rig = new ArmRig(ATS, IommuOptions.DEFAULT.commands(4), ArmFeatures.DEFAULT);
        List<Step> many = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            many.addAll(rig.smmu.flushIotlb(PASID, BUFFER + i * PAGE, BUFFER + (i + 2) * PAGE));
        }
        many.addAll(rig.smmu.sync());
        rig.engine.assign(rig.app, many);
        rig.exhaust(rig.app);
        assertThat(rig.smmu.commands().size()).as("every slot is used").isEqualTo(4);
        assertThat(rig.smmu.commandProducer()).isEqualTo(4);
        assertThat(rig.smmu.commandConsumer()).isZero();
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.smmu.commandCount().get()).isEqualTo(12);
        assertThat(rig.smmu.commandProducer()).as("12 modulo 8").isEqualTo(4);
        assertThat(rig.smmu.commandConsumer()).isEqualTo(4);
        assertThat(rig.all(Event.IotlbInvalidate.class)).extracting(Event.IotlbInvalidate::start).startsWith(BUFFER, BUFFER + PAGE).hasSize(11);
    }

    @Test
    void commandsStandInMemoryAsTheyAreEncoded() {
        ArmRig rig = new ArmRig(ATS);
        rig.engine.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.exhaust(rig.app);
        long ring = rig.smmu.commands().base() >>> 12;
        assertThat(rig.frames.word(ring, 0)).as("TLBI_NH_VA SCALE=1 ASID=1").isEqualTo(0x0001_0000_0010_0012L);
        assertThat(rig.frames.word(ring, 1)).as("TG=1").isEqualTo(BUFFER | 1 << 10);
        assertThat(rig.frames.word(ring, 2) & 0xffff_ffffL).as("CMD_SYNC CS=IRQ").isEqualTo(0x0fc0_1046L);
        rig.run();
        assertThat(rig.all(Event.Command.class)).extracting(Event.Command::name).containsExactly("CMD_TLBI_NH_VA", "CMD_SYNC", "CMD_ATC_INV", "CMD_SYNC");
        assertThat(rig.all(Event.Completion.class)).extracting(Event.Completion::waited).containsExactly("app.main", "app.main");
    }

    @Test
    void anIllegalCommandStopsTheQueueUntilItIsSkipped() {
        ArmRig rig = known(ArmFeatures.DEFAULT);
        rig.engine.assign(rig.app, List.of(rig.smmu.command(new ArmCommand.Illegal(0x42, 7))));
        rig.engine.assign(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        rig.run();
        assertThat(rig.smmu.stopped()).isTrue();
        assertThat(rig.smmu.gerror()).isEqualTo(1);
        assertThat(rig.smmu.commandConsumer()).as("CERROR_ILL, index of the command").isEqualTo(0x0100_0000L);
        assertThat(rig.smmu.iotlb().size(PASID)).as("nothing newer has effect").isEqualTo(1);
        assertThat(rig.engine.deadlocked()).isTrue();
        rig.served().run();
        assertThat(rig.last(Event.Interrupt.class).cause()).isEqualTo("command_error");
        assertThat(rig.log()).containsExactly(
                "arm-smmu-v3 smmu0: unexpected global error reported (0x00000001), this could be serious",
                "arm-smmu-v3 smmu0: CMDQ error (cons 0x01000000): Illegal command",
                "arm-smmu-v3 smmu0: skipping command in error state:",
                "arm-smmu-v3 smmu0: \t0x0000000000000042",
                "arm-smmu-v3 smmu0: \t0x0000000000000007");
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.smmu.iotlb().size(PASID)).isZero();
        assertThat(rig.smmu.gerror()).isZero();
        assertThat(rig.smmu.commands().size()).isZero();
    }

    /** Linux acknowledges and the CMD_SYNC is tried again. */
    @Test
    void aDeviceThatNeverAnswersIsAnErrorOfTheSync() {
        ArmRig rig = new ArmRig(ATS.silent(true));
        rig.map(BUFFER, RW);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + PAGE));
        assertThat(rig.smmu.stopped()).isTrue();
        assertThat(rig.smmu.commandConsumer()).as("CERROR_ATC_INV_SYNC at the second CMD_SYNC").isEqualTo(0x0300_0003L);
        assertThat(rig.all(Event.Completion.class)).hasSize(1);
        rig.served().run();
        assertThat(rig.log()).containsExactly(
                "arm-smmu-v3 smmu0: unexpected global error reported (0x00000001), this could be serious",
                "arm-smmu-v3 smmu0: CMDQ error (cons 0x03000003): ATC invalidate timeout");
        assertThat(rig.done(rig.app)).isTrue();
        assertThat(rig.gpu.atc().size(PASID)).as("it obeys nothing").isEqualTo(1);
    }

    @Test
    void aSyncSignalsAsItWasAskedTo() {
        ArmRig rig = new ArmRig(ATS);
        rig.run(rig.app, rig.smmu.command(new ArmCommand.Sync(ArmCommand.Sync.NONE, 0, 0, 0, 0)), rig.smmu.command(ArmCommand.Sync.sev()));
        assertThat(rig.smmu.interrupts().pending()).isFalse();
        assertThat(rig.smmu.commandConsumer()).as("CONS has passed them").isEqualTo(2);
        rig.run(rig.app, rig.smmu.command(new ArmCommand.Sync(ArmCommand.Sync.IRQ, 0, 0, 5, 0)));
        rig.served().run();
        assertThat(rig.last(Event.Interrupt.class).cause()).isEqualTo("completion");
        long word = rig.frames.allocate(Use.KERNEL, 0);
        rig.frames.word(word, 1, -1);
        rig.run(rig.app, rig.smmu.command(ArmCommand.Sync.msi((word << 12) + 8, 0x1234)));
        assertThat(rig.frames.word(word, 1)).as("an MSI is 32 bits").isEqualTo(0xffff_ffff_0000_1234L);
        rig.run(rig.app, rig.smmu.command(ArmCommand.Sync.msi((word << 12) + 12, 0x5678)));
        assertThat(rig.frames.word(word, 1)).isEqualTo(0x0000_5678_0000_1234L);
    }

    @Test
    void anMsiToNowhereIsAGlobalErrorAndTheQueueGoesOn() {
        ArmRig rig = new ArmRig(ATS).served();
        rig.run(rig.app, rig.smmu.command(ArmCommand.Sync.msi(0x0000_7777_7777_0000L, 1)));
        assertThat(rig.log()).containsExactly(
                "arm-smmu-v3 smmu0: unexpected global error reported (0x00000010), this could be serious",
                "arm-smmu-v3 smmu0: CMDQ MSI write aborted");
        rig.run(rig.app, rig.smmu.sync());
        assertThat(rig.done(rig.app)).isTrue();
    }

    @Test
    void aTlbiWaitsUntilASyncAndMayBeOvertakenByAnAtcInv() {
        ArmRig rig = known(ArmFeatures.DEFAULT);
        rig.engine.assign(rig.app, rig.smmu.flushIotlb(PASID, BUFFER, BUFFER + PAGE));
        rig.engine.assign(rig.app, rig.smmu.flushAtc(rig.gpu.number(), PASID, BUFFER, BUFFER + PAGE));
        rig.engine.assign(rig.app, rig.smmu.sync());
        rig.exhaust(rig.app);
        rig.step(rig.smmu.hardware(), 0);
        assertThat(rig.smmu.iotlb().size(PASID)).as("it was fetched, no more").isEqualTo(1);
        assertThat(rig.engine.choices(rig.smmu.hardware())).isEqualTo(2);
        rig.step(rig.smmu.hardware(), 1);
        assertThat(rig.gpu.atc().size(PASID)).isZero();
        assertThat(rig.smmu.iotlb().size(PASID)).as("overtaken").isEqualTo(1);
        assertThat(rig.engine.choices(rig.smmu.hardware())).as("the CMD_SYNC overtakes nothing").isEqualTo(1);
        rig.step(rig.smmu.hardware(), 0);
        assertThat(rig.smmu.iotlb().size(PASID)).isZero();
        assertThat(rig.all(Event.Completion.class)).isEmpty();
        rig.run();
        assertThat(rig.done(rig.app)).isTrue();
    }

    @Test
    void withoutASyncATlbiIsCarriedOutInTheEnd() {
        ArmRig rig = known(ArmFeatures.DEFAULT);
        rig.run(rig.app, rig.smmu.flushPasid(PASID));
        assertThat(rig.smmu.iotlb().size(PASID)).isZero();
        assertThat(rig.smmu.commands().size()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void eachInvalidationDropsWhatItIsAbout(Operation operation) {
        for (boolean e2h : new boolean[] {false, true}) {
            ArmRig rig = known(ArmFeatures.DEFAULT.e2h(e2h));
            int asid = operation.hasAsid() ? PASID : 0;
            Tlbi.Span span = operation.hasAddress() ? page(1, false) : Tlbi.Span.NONE;
            rig.run(rig.app, tlbi(rig, operation, 0, asid, span));
            boolean own = operation.world() == (e2h ? Tlbi.World.EL2 : Tlbi.World.EL1);
            assertThat(rig.smmu.iotlb().size(PASID)).as("%s e2h=%s", operation, e2h).isEqualTo(own ? 0 : 1);
            assertThat(rig.smmu.stopped()).isEqualTo(operation.world() == Tlbi.World.EL3);
        }
    }

    @Test
    void anotherMachineAnotherAsidAnotherGranuleOrAnotherAddressAreLeftAlone() {
        ArmRig rig = known(ArmFeatures.DEFAULT);
        rig.run(rig.app, tlbi(rig, Operation.NH_ALL, 3, 0, Tlbi.Span.NONE), tlbi(rig, Operation.NH_ASID, 0, 2, Tlbi.Span.NONE),
                tlbi(rig, Operation.NH_VA, 0, PASID, page(2, false)), tlbi(rig, Operation.NH_VA, 0, PASID, page(3, false)),
                tlbi(rig, Operation.NH_VA, 0, PASID, new Tlbi.Span(BUFFER + PAGE, 0, 0, 0, 0, false)));
        assertThat(rig.smmu.iotlb().size(PASID)).isEqualTo(1);
        rig.run(rig.app, tlbi(rig, Operation.NH_VA, 0, PASID, new Tlbi.Span(BUFFER, 0, 0, 0, 0, false)));
        assertThat(rig.smmu.iotlb().size(PASID)).isZero();
    }

    @Test
    void leafKeepsPointersToTables() {
        ArmRig rig = known(ArmFeatures.DEFAULT);
        int pointers = rig.smmu.caches().walkCache().size(PASID);
        assertThat(pointers).isPositive();
        rig.run(rig.app, tlbi(rig, Operation.NH_VA, 0, PASID, page(1, true)));
        assertThat(rig.smmu.iotlb().size(PASID)).isZero();
        assertThat(rig.smmu.caches().walkCache().size(PASID)).isEqualTo(pointers);
        rig.run(rig.app, tlbi(rig, Operation.NH_VA, 0, PASID, page(1, false)));
        assertThat(rig.smmu.caches().walkCache().size(PASID)).isLessThan(pointers);
    }

    @Test
    void withoutAPasidOrGlobalAnAtcInvIsForEveryPasid() {
        ArmRig rig = known(ArmFeatures.DEFAULT);
        rig.run(rig.app, rig.smmu.command(new ArmCommand.AtcInv(rig.sid(), 2, true, false, 0, BUFFER)));
        assertThat(rig.gpu.atc().size(PASID)).isEqualTo(1);
        rig.run(rig.app, rig.smmu.command(new ArmCommand.AtcInv(rig.sid(), 2, true, true, 0, BUFFER + PAGE)));
        assertThat(rig.gpu.atc().size(PASID)).as("of every PASID, elsewhere").isEqualTo(1);
        rig.run(rig.app, rig.smmu.command(new ArmCommand.AtcInv(rig.sid(), 2, true, true, 0, BUFFER)));
        assertThat(rig.gpu.atc().size(PASID)).isZero();
        ArmRig other = known(ArmFeatures.DEFAULT);
        other.run(other.app, other.smmu.command(new ArmCommand.AtcInv(other.sid(), 0, false, false, 0, 0)));
        assertThat(other.gpu.atc().size(PASID)).isZero();
    }

    /** 3.3, 3.4: what was fetched counts until it is dropped, be it right or wrong. */
    @Test
    void tablesAreReadAnewOnlyAfterACfgi() {
        List<ConfigCommand> all = List.of(new ConfigCommand.CfgiSte(8, true), new ConfigCommand.CfgiSteRange(0, 3), ConfigCommand.CfgiSteRange.CFGI_ALL,
                new ConfigCommand.CfgiCd(8, PASID, true), new ConfigCommand.CfgiCdAll(8));
        for (ConfigCommand command : all) {
            ArmRig rig = known(ArmFeatures.DEFAULT);
            rig.smmu.write(rig.gpu, PASID, ContextDescriptor.NONE);
            rig.run(rig.app, rig.smmu.command(new ArmCommand.AtcInv(8, 0, false, false, 0, 0)));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).isEqualTo("done");
            rig.run(rig.app, rig.smmu.command(new ConfigCommand.CfgiSteRange(0, 2)), rig.smmu.command(new ConfigCommand.CfgiCd(8, 2, true)),
                    rig.smmu.command(new ConfigCommand.PrefetchConfig(8, 0, false)), rig.smmu.command(new ConfigCommand.CfgiVmsPidm(0)),
                    rig.smmu.command(new ArmCommand.AtcInv(8, 0, false, false, 0, 0)));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).as("those were about others").isEqualTo("done");
            rig.run(rig.app, rig.smmu.command(command), rig.smmu.command(new ArmCommand.AtcInv(8, 0, false, false, 0, 0)));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).as(command.name()).isEqualTo("aborted");
            rig.run(rig.app, rig.smmu.setTable(rig.gpu.number(), PASID, rig.root));
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            assertThat(rig.outcome()).isEqualTo("done");
        }
    }

    @Test
    void aDriverEscalatesWithoutRanges() {
        ArmRig rig = new ArmRig(ATS, IommuOptions.DEFAULT, ArmFeatures.DEFAULT.ranges(false));
        rig.run(rig.app, rig.smmu.flushIotlb(PASID, BUFFER, BUFFER + 511 * PAGE));
        assertThat(rig.smmu.commandCount().get()).isEqualTo(511);
        rig.run(rig.app, rig.flush(BUFFER, BUFFER + 512 * PAGE));
        assertThat(rig.smmu.commandCount().get()).isEqualTo(515);
        assertThat(rig.last(Event.IotlbInvalidate.class).end()).isEqualTo(-1);
        assertThat(rig.last(Event.AtcInvalidate.class).end()).isEqualTo(-1);
    }

    @Test
    void responsesAreNumberedTheOtherWayRound() {
        int[][] codes = {{PageRequest.SUCCESS, 2}, {PageRequest.INVALID, 1}, {PageRequest.FAILURE, 0}, {2, 0}};
        for (int[] code : codes) {
            ArmRig rig = new ArmRig(PRI);
            rig.run(rig.gpu.actor(), rig.write(BUFFER));
            rig.engine.assign(rig.app, rig.smmu.respond(rig.gpu.number(), PASID, 0, code[0]));
            rig.exhaust(rig.app);
            assertThat(ArmCommand.decode(rig.smmu.commands().word(0), rig.smmu.commands().word(1)))
                    .isEqualTo(new ArmCommand.PriResp(8, PASID, true, 0, code[1]));
            rig.step(rig.smmu.hardware(), 0);
            assertThat(rig.last(Event.PageResponse.class).code()).isEqualTo(code[0] == 2 ? PageRequest.FAILURE : code[0]);
        }
    }

    /** 3.8: full means overflow; what is last is answered Success at once, until the overflow is acknowledged. */
    @Test
    void aFullPriQueueAnswersItself() {
        ArmRig rig = new ArmRig(PRI.unlimited(true), IommuOptions.DEFAULT.requests(2), ArmFeatures.DEFAULT);
        PageRequest request = new PageRequest(rig.gpu.number(), PASID, BUFFER, 0, true, 1);
        rig.run(rig.app, new Ask(request, 2));
        assertThat(rig.smmu.requests().size()).as("every slot is used").isEqualTo(2);
        assertThat(rig.smmu.requestProducer()).isEqualTo(2);
        rig.engine.assign(rig.gpu.actor(), List.of(rig.write(BUFFER)));
        rig.map(BUFFER, 0);
        for (int i = 0; i < 200; i++) {
            rig.step(rig.gpu.actor(), 0);
        }
        assertThat(rig.all(Event.PageResponse.class)).hasSizeGreaterThan(5).allMatch(response -> response.code() == PageRequest.SUCCESS);
        assertThat(rig.smmu.requestProducer()).isEqualTo(0x8000_0002L);
        assertThat(rig.smmu.takeRequest()).isNotNull();
        assertThat(rig.smmu.requestLog().overflowed()).as("room alone is not enough").isTrue();
        assertThat(rig.smmu.request(null, request)).isEqualTo(PageRequest.SUCCESS);
    }

    /** Writes page requests without a device's asking. */
    private record Ask(PageRequest request, int times) implements Step {
        @Override
        public void run(Turn turn) {
            for (int i = 0; i < times; i++) {
                turn.part(Iommus.class).get(0).request(turn, request);
            }
        }
    }

    @Test
    void aRequestOfAStreamThatCannotBeLookedUpIsAFailure() {
        ArmRig rig = new ArmRig(PRI);
        rig.run(rig.gpu.actor(), rig.write(BUFFER));
        assertThat(rig.all(Event.PageRequest.class)).hasSize(1);
        rig.smmu.write(rig.gpu, StreamTableEntry.decode(0, 0, 0, 0));
        rig.run(rig.app, rig.smmu.command(new ConfigCommand.CfgiSte(8, true)));
        assertThat(rig.smmu.request(null, new PageRequest(rig.gpu.number(), PASID, BUFFER, 0, true, 1))).isEqualTo(PageRequest.FAILURE);
    }

    /** Any words, in any order, with a device that works meanwhile: the queue is read empty, and nobody is left waiting. */
    @Test
    void whateverStandsInTheQueueItGoesOn() {
        for (int round = 0; round < 40; round++) {
            SplittableRandom random = new SplittableRandom(round);
            ArmRig rig = new ArmRig(ATS, IommuOptions.DEFAULT.commands(8).events(2), ArmFeatures.DEFAULT).served();
            rig.map(BUFFER, RW);
            List<Step> commands = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                commands.add(rig.smmu.command(random(random)));
            }
            commands.addAll(rig.smmu.sync());
            rig.engine.assign(rig.app, commands);
            rig.engine.assign(rig.gpu.actor(), List.of(rig.write(BUFFER), rig.write(BUFFER + PAGE), rig.read(BUFFER), rig.write(BUFFER)));
            drive(rig, random);
            assertThat(rig.done(rig.app)).as("round %d", round).isTrue();
            assertThat(rig.done(rig.gpu.actor())).isTrue();
            assertThat(rig.smmu.commands().size()).isZero();
            assertThat(rig.smmu.stopped()).isFalse();
        }
    }

    /** Known commands with unknown fields and plain noise; but no MSI that overwrites memory. */
    private static ArmCommand random(SplittableRandom random) {
        int[] opcodes = {0x01, 0x03, 0x04, 0x05, 0x06, 0x10, 0x11, 0x12, 0x13, 0x28, 0x2a, 0x30, 0x40, 0x40, 0x41, 0x44, 0x45, 0x46, 0x47};
        boolean known = random.nextInt(4) > 0;
        long low = random.nextLong() & ~0xffL | (known ? opcodes[random.nextInt(opcodes.length)] : random.nextInt(1, 256));
        long near = random.nextBoolean() ? low & 0xfff_ffffL | 8L << 32 : low;
        long high = random.nextLong() | 1L << 50;
        return new ArmCommand.Illegal(near, high);
    }

    private static void drive(ArmRig rig, SplittableRandom random) {
        for (int i = 0; i < 20_000 && !rig.engine.quiet(); i++) {
            List<Actor> ready = rig.engine.actors().stream().filter(rig.engine::ready).toList();
            Actor next = ready.get(random.nextInt(ready.size()));
            rig.engine.step(next, random.nextInt(rig.engine.choices(next)));
        }
        assertThat(rig.engine.quiet()).isTrue();
    }

    @Test
    void aDeviceWithoutAtsNeedsNoAtcInv() {
        ArmRig rig = new ArmRig(PLAIN);
        assertThat(rig.smmu.flushAtc(rig.gpu.number(), PASID, BUFFER, BUFFER + PAGE)).isEmpty();
    }
}

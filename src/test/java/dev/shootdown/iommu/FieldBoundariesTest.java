package dev.shootdown.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shootdown.iommu.amd.AmdCommand;
import dev.shootdown.iommu.arm.ArmCommand;
import dev.shootdown.iommu.arm.ConfigCommand;
import dev.shootdown.iommu.arm.Tlbi;
import dev.shootdown.iommu.intel.QiDescriptor;
import dev.shootdown.iommu.intel.QiPages;
import dev.shootdown.iommu.riscv.Capabilities;
import dev.shootdown.iommu.riscv.RiscvCommand;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every field of every command of every vendor, at its ends: the smallest and the largest value come back as they went in; one that
 * is wider than the field leaves its neighbours alone; one that is wider than what the field may say makes the command illegal.
 */
class FieldBoundariesTest {
    private static final PageSpan SPAN = new PageSpan(0, false);
    private static final QiPages PAGES = new QiPages(0, 0, false);
    private static final Capabilities ALL = Capabilities.DEFAULT.ranges(true);

    /** @param shift where in the value the field begins: of an address the bits below are none of it */
    private record Field(String name, int bits, int shift, long min, long max) {
        static Field of(String name, int bits) {
            return of(name, bits, 0);
        }

        static Field of(String name, int bits, int shift) {
            return new Field(name, bits, shift, 0, ones(bits));
        }

        Field from(long least) {
            return new Field(name, bits, shift, least, max);
        }

        Field upTo(long most) {
            return new Field(name, bits, shift, min, most);
        }

        private static long ones(int bits) {
            return bits == Long.SIZE ? -1 : (1L << bits) - 1;
        }

        long all() {
            return ones(bits) << shift;
        }
    }

    /** A command with all fields at 0, or at the least that is allowed, and its fields. */
    private record Row(Command command, UnaryOperator<Command> decoded, List<Field> fields) {
        static Row of(Command command, UnaryOperator<Command> decoded, Field... fields) {
            return new Row(command, decoded, List.of(fields));
        }
    }

    private static Field bit(String name) {
        return Field.of(name, 1);
    }

    private static Field f(String name, int bits) {
        return Field.of(name, bits);
    }

    private static Field page(String name) {
        return Field.of(name, 52, 12);
    }

    private static Row amd(AmdCommand command, Field... fields) {
        return Row.of(command, one -> AmdCommand.decode(one.word(0), one.word(1)), fields);
    }

    private static Row intel(QiDescriptor command, Field... fields) {
        return Row.of(command, one -> QiDescriptor.decode((QiDescriptor) one), fields);
    }

    private static Row arm(ArmCommand command, Field... fields) {
        return Row.of(command, one -> ArmCommand.decode(one.word(0), one.word(1)), fields);
    }

    private static Row riscv(RiscvCommand command, Field... fields) {
        return Row.of(command, one -> RiscvCommand.decode(one.word(0), one.word(1), ALL), fields);
    }

    private static Stream<Row> amd() {
        return Stream.of(
                amd(new AmdCommand.CompletionWait(false, false, false, 0, 0), bit("store"), bit("interrupt"), bit("flush"),
                        Field.of("address", 49, 3), f("data", 64)),
                amd(new AmdCommand.InvalidateDevtabEntry(0), f("device", 16)),
                amd(new AmdCommand.InvalidateIommuPages(0, 0, SPAN, false, false), f("pasid", 20), f("domain", 16), page("span.address"),
                        bit("span.size"), bit("pde"), bit("guest")),
                amd(new AmdCommand.InvalidateIotlbPages(0, 0, 0, 0, SPAN, false, 0), f("device", 16), f("pasid", 20), f("maxPending", 8),
                        f("queue", 16), page("span.address"), bit("span.size"), bit("guest"), f("type", 2)),
                amd(new AmdCommand.InvalidateInterruptTable(0), f("device", 16)),
                amd(new AmdCommand.PrefetchIommuPages(0, 0, 0, SPAN, false, false), f("device", 16), f("count", 8), f("pasid", 20),
                        page("span.address"), bit("span.size"), bit("guest"), bit("invalidate")),
                amd(new AmdCommand.CompletePprRequest(0, 0, false, 0, 0), f("device", 16), f("pasid", 20), bit("guest"), f("group", 9), f("code", 4)),
                amd(new AmdCommand.InvalidateIommuAll()));
    }

    private static Stream<Row> intel() {
        Field wide = f("granularity", 2).from(1);
        return Stream.of(
                intel(new QiDescriptor.ContextCache(1, 0, 0, 0), wide, f("domain", 16), f("device", 16), f("functionMask", 2)),
                intel(new QiDescriptor.Iotlb(1, false, false, 0, PAGES), wide, bit("drainWrites"), bit("drainReads"), f("domain", 16),
                        page("pages.address"), f("pages.mask", 6), bit("pages.hint")),
                intel(new QiDescriptor.DeviceTlb(0, 0, 0, SPAN), f("device", 16), f("pfsid", 16), f("maxPending", 5), page("span.address"),
                        bit("span.size")),
                intel(new QiDescriptor.InterruptEntryCache(false, 0, 0), bit("byIndex"), f("indexMask", 5), f("index", 16)),
                intel(new QiDescriptor.Wait(false, false, false, false, 0, 0), bit("interrupt"), bit("write"), bit("fence"), bit("drain"),
                        f("data", 32), Field.of("address", 62, 2)),
                intel(new QiDescriptor.PasidIotlb(2, 0, 0, PAGES), f("granularity", 2).from(2), f("domain", 16), f("pasid", 20),
                        page("pages.address"), f("pages.mask", 6), bit("pages.hint")),
                intel(new QiDescriptor.PasidCache(0, 0, 0), f("granularity", 2), f("domain", 16), f("pasid", 20)),
                intel(new QiDescriptor.PasidDeviceTlb(0, 0, 0, 0, false, SPAN), f("device", 16), f("pfsid", 16), f("maxPending", 5), f("pasid", 20),
                        bit("global"), page("span.address"), bit("span.size")),
                intel(new QiDescriptor.PageGroupResponse(false, 0, 0, 0, false, 0), bit("pasidPresent"), f("code", 4), f("device", 16),
                        f("pasid", 20), bit("last"), f("group", 9)),
                intel(new QiDescriptor.HptCache(1, 0, 0, 0, 0), wide, f("domain", 16), f("mask", 6), f("hint", 2), page("address")));
    }

    private static Stream<Row> arm() {
        Field sid = f("sid", 32);
        Field ssid = f("ssid", 20);
        Stream<Row> others = Stream.of(
                arm(new ConfigCommand.PrefetchConfig(0, 0, false), sid, ssid, bit("ssv")),
                arm(new ConfigCommand.PrefetchAddr(0, 0, false, 0, 0, 0), sid, ssid, bit("ssv"), f("size", 5), f("stride", 5), page("address")),
                arm(new ConfigCommand.CfgiSte(0, false), sid, bit("leaf")),
                arm(new ConfigCommand.CfgiSteRange(0, 0), sid, f("range", 5)),
                arm(new ConfigCommand.CfgiCd(0, 0, false), sid, ssid, bit("leaf")),
                arm(new ConfigCommand.CfgiCdAll(0), sid),
                arm(new ConfigCommand.CfgiVmsPidm(0), f("vmid", 16)),
                arm(new ArmCommand.AtcInv(0, 0, false, false, 0, 0), sid, ssid, bit("ssv"), bit("global"), f("size", 6).upTo(52), page("address")),
                arm(new ArmCommand.PriResp(0, 0, false, 0, 0), sid, ssid, bit("ssv"), f("group", 9), f("resp", 2).upTo(2)),
                arm(new ArmCommand.Resume(0, 0, false, false), sid, f("stag", 16), bit("retry"), bit("abort")),
                arm(new ArmCommand.StallTerm(0), sid),
                arm(new ArmCommand.Sync(0, 0, 0, 0, 0), f("signal", 2).upTo(2), f("msh", 2), f("msiAttr", 4), f("data", 32), Field.of("address", 50, 2)));
        return Stream.concat(others, Arrays.stream(Tlbi.Operation.values()).filter(of -> !of.name().startsWith("EL3")).map(FieldBoundariesTest::tlbi));
    }

    /** NUM, SCALE and TTL of 0 with a granule are reserved; so that the granule can be alone there is a level. */
    private static Row tlbi(Tlbi.Operation of) {
        List<Field> fields = new ArrayList<>();
        if (of.hasVmid()) {
            fields.add(f("vmid", 16));
        }
        if (of.hasAsid()) {
            fields.add(f("asid", 16));
        }
        if (of.hasAddress()) {
            fields.addAll(List.of(Field.of("span.address", of == Tlbi.Operation.S2_IPA ? 40 : 52, 12), f("span.num", 5), f("span.scale", 5),
                    f("span.ttl", 2).from(1), f("span.tg", 2), bit("span.leaf")));
        }
        Tlbi.Span span = of.hasAddress() ? new Tlbi.Span(0, 0, 0, 1, 0, false) : Tlbi.Span.NONE;
        return arm(new Tlbi(of, 0, 0, span), fields.toArray(new Field[0]));
    }

    private static Stream<Row> riscv() {
        Field[] header = {f("pid", 20), bit("pv"), bit("dsv"), f("rid", 16), f("dseg", 8)};
        return Stream.of(
                riscv(new RiscvCommand.IotinvalVma(false, 0, false, false, false, 0, SPAN), bit("av"), f("pscid", 20), bit("pscv"), bit("gv"),
                        bit("nl"), f("gscid", 16), page("address.address"), bit("address.size")),
                riscv(new RiscvCommand.IotinvalGvma(false, 0, false, false, 0, SPAN), bit("av"), f("pscid", 20), bit("gv"), bit("nl"), f("gscid", 16),
                        page("address.address"), bit("address.size")),
                riscv(new RiscvCommand.IofenceC(false, false, false, false, 0, 0), bit("av"), bit("wsi"), bit("pr"), bit("pw"), f("data", 32),
                        Field.of("address", 62, 2)),
                riscv(new RiscvCommand.IodirInvalDdt(false, 0), bit("dv"), f("did", 24)),
                riscv(new RiscvCommand.IodirInvalPdt(0, 0), f("pid", 20), f("did", 24)),
                riscv(new RiscvCommand.AtsInval(0, false, false, 0, 0, false, SPAN), with(header, bit("global"), page("span.address"),
                        bit("span.size"))),
                riscv(new RiscvCommand.AtsPrgr(0, false, false, 0, 0, 0, 0), with(header, f("group", 9), f("code", 4))));
    }

    private static Field[] with(Field[] first, Field... more) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(Field[]::new);
    }

    private static Stream<Row> rows() {
        return Stream.of(amd(), intel(), arm(), riscv()).flatMap(all -> all);
    }

    // ---------------------------------------------------------------- a record's components, by name

    private static Object put(Object record, String path, long value) {
        String name = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
        try {
            RecordComponent[] components = record.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            boolean found = false;
            for (int i = 0; i < components.length; i++) {
                components[i].getAccessor().setAccessible(true);
                values[i] = components[i].getAccessor().invoke(record);
                if (components[i].getName().equals(name)) {
                    found = true;
                    values[i] = path.equals(name) ? typed(components[i].getType(), value) : put(values[i], path.substring(name.length() + 1), value);
                }
            }
            assertThat(found).as(path).isTrue();
            var constructor = record.getClass().getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(path, e);
        }
    }

    private static Object typed(Class<?> type, long value) {
        return type == boolean.class ? (Object) (value != 0) : type == int.class ? (Object) (int) value : (Object) value;
    }

    private static void leaves(Class<?> type, String prefix, Set<String> found) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord()) {
                leaves(component.getType(), prefix + component.getName() + ".", found);
            } else if (!component.getType().isEnum()) {
                found.add(prefix + component.getName());
            }
        }
    }

    private static boolean wider(Row row, Field field) {
        Set<Class<?>> types = new LinkedHashSet<>();
        Object at = row.command;
        for (String name : field.name.split("\\.")) {
            for (RecordComponent component : at.getClass().getRecordComponents()) {
                if (component.getName().equals(name)) {
                    types.add(component.getType());
                    at = component.getType().isRecord() ? (name.equals("pages") ? PAGES : row.command instanceof Tlbi ? Tlbi.Span.NONE : SPAN) : at;
                }
            }
        }
        int width = types.contains(long.class) ? Long.SIZE : types.contains(int.class) ? Integer.SIZE : 1;
        return width > field.bits + field.shift;
    }

    // ---------------------------------------------------------------- the table

    @TestFactory
    Stream<DynamicTest> boundaries() {
        return rows().flatMap(row -> row.fields.stream().map(field ->
                DynamicTest.dynamicTest(row.command.name() + " " + field.name, () -> check(row, field))));
    }

    private static void check(Row row, Field field) {
        for (long value : new long[] {field.min, field.max}) {
            Command at = (Command) put(row.command, field.name, value << field.shift);
            assertThat(row.decoded.apply(at)).isEqualTo(at);
        }
        long[] mask = mask(row, field);
        assertThat(Long.bitCount(mask[0]) + Long.bitCount(mask[1])).isEqualTo(field.bits);
        Command full = (Command) put(row.command, field.name, field.all());
        if (field.max != Field.ones(field.bits)) {
            Command beyond = (Command) put(row.command, field.name, field.max + 1 << field.shift);
            assertThat(row.decoded.apply(beyond).name()).isIn("ILLEGAL", "INVALID");
        }
        if (field.shift > 0) {
            assertThat(words(put(row.command, field.name, field.all() | (1L << field.shift) - 1))).as("bits below").containsExactly(words(full));
        }
        if (wider(row, field)) {
            Command wider = (Command) put(row.command, field.name, field.all() | 1L << field.bits + field.shift);
            assertThat(words(wider)).as("a bit above").containsExactly(words(full));
        }
    }

    private static long[] words(Object command) {
        return ((Command) command).words().stream().mapToLong(Long::longValue).toArray();
    }

    /** Where the field's bits are. */
    private static long[] mask(Row row, Field field) {
        long[] none = words(put(row.command, field.name, 0));
        long[] all = words(put(row.command, field.name, field.all()));
        return new long[] {none[0] ^ all[0], none[1] ^ all[1]};
    }

    @Test
    void fieldsDoNotOverlap() {
        rows().forEach(row -> {
            long[] taken = new long[2];
            for (Field field : row.fields) {
                long[] mask = mask(row, field);
                assertThat(taken[0] & mask[0] | taken[1] & mask[1]).as("%s %s", row.command.name(), field.name).isZero();
                taken[0] |= mask[0];
                taken[1] |= mask[1];
            }
        });
    }

    @Test
    void everyCommandAndEveryFieldOfItIsHere() {
        Set<Class<?>> here = new LinkedHashSet<>();
        rows().forEach(row -> {
            here.add(row.command.getClass());
            Set<String> names = new LinkedHashSet<>();
            leaves(row.command.getClass(), "", names);
            if (row.command instanceof Tlbi tlbi) {
                names.removeIf(name -> name.equals("vmid") && !tlbi.operation().hasVmid() || name.equals("asid") && !tlbi.operation().hasAsid()
                        || name.startsWith("span") && !tlbi.operation().hasAddress());
            }
            assertThat(row.fields).extracting(Field::name).as(row.command.name()).containsExactlyInAnyOrderElementsOf(names);
        });
        Set<Class<?>> commands = new LinkedHashSet<>();
        for (Class<?> vendor : List.of(AmdCommand.class, QiDescriptor.class, ArmCommand.class, RiscvCommand.class)) {
            permitted(vendor, commands);
        }
        commands.removeIf(type -> type.getSimpleName().equals("Illegal") || type.getSimpleName().equals("Invalid"));
        assertThat(here).containsExactlyInAnyOrderElementsOf(commands);
    }

    private static void permitted(Class<?> type, Set<Class<?>> found) {
        if (type.isRecord()) {
            found.add(type);
        } else {
            for (Class<?> one : type.getPermittedSubclasses()) {
                permitted(one, found);
            }
        }
    }
}

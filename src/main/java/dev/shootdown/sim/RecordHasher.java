package dev.shootdown.sim;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.function.ToLongFunction;

/**
 * Makes, for a type of record, the straight-line code that hashes one: a search hashes every new step of every
 * transition, and a chain of calls through each component's accessor costs several times as much.
 */
final class RecordHasher {
    private static final ClassDesc HASH = Hash.class.describeConstable().orElseThrow();
    private static final ClassDesc FUNCTION = ToLongFunction.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc FOLD =
            MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long, ConstantDescs.CD_long);

    private RecordHasher() {}

    /** @param seed what tells this type from others */
    @SuppressWarnings("unchecked")
    static ToLongFunction<Object> of(Class<?> type, long seed) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            MethodHandles.Lookup made = lookup.defineHiddenClass(code(type, seed), true);
            MethodHandle constructor = made.findConstructor(made.lookupClass(), MethodType.methodType(void.class));
            return (ToLongFunction<Object>) constructor.invoke();
        } catch (Throwable e) {
            throw new IllegalStateException("no hash of " + type.getName(), e);
        }
    }

    private static byte[] code(Class<?> type, long seed) {
        ClassDesc record = ClassDesc.ofDescriptor(type.descriptorString());
        ClassDesc self = ClassDesc.of(type.getPackageName().isEmpty() ? "Hasher" : type.getPackageName() + ".Hasher");
        return ClassFile.of().build(self, builder -> builder
                .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                .withInterfaceSymbols(FUNCTION)
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0)
                        .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                        .return_())
                .withMethodBody("applyAsLong", MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_Object), ClassFile.ACC_PUBLIC,
                        code -> fold(code, type, record, seed)));
    }

    private static void fold(CodeBuilder code, Class<?> type, ClassDesc record, long seed) {
        code.aload(1).checkcast(record).astore(2).loadConstant(seed);
        for (RecordComponent component : type.getRecordComponents()) {
            Class<?> held = component.getType();
            code.aload(2).invokevirtual(record, component.getName(), MethodTypeDesc.of(held.describeConstable().orElseThrow()));
            part(code, held);
            code.invokestatic(HASH, "fold", FOLD);
        }
        code.invokestatic(HASH, "mix", MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_long)).lreturn();
    }

    /** Makes a long of what lies on the stack. */
    private static void part(CodeBuilder code, Class<?> held) {
        if (held == boolean.class) {
            code.invokestatic(HASH, "of", MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_boolean));
        } else if (held == int.class || held == short.class || held == byte.class || held == char.class) {
            code.i2l();
        } else if (!held.isPrimitive()) {
            code.invokestatic(HASH, "of", MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_Object));
        } else if (held != long.class) {
            throw new IllegalArgumentException("a cell cannot hold a " + held);
        }
    }
}

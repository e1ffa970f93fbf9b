package dev.shootdown.vocabulary;

/** The error numbers that modelled calls return: include/uapi/asm-generic/errno-base.h and errno.h. */
public enum Errno {
    EPERM(1), ENOENT(2), ESRCH(3), EINTR(4), EIO(5), ENXIO(6), EBADF(9), ECHILD(10), EAGAIN(11), ENOMEM(12), EACCES(13),
    EFAULT(14), EBUSY(16), EEXIST(17), ENODEV(19), EINVAL(22), ETXTBSY(26), EFBIG(27), ENOSPC(28), ERANGE(34), ENOSYS(38),
    EOVERFLOW(75), EOPNOTSUPP(95), EALREADY(114);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}

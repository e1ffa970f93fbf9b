package dev.shootdown.vocabulary;

/** The signals that an access to memory may end with, with their si_code: include/uapi/asm-generic/siginfo.h. */
public enum Signal {
    SEGV_MAPERR("SIGSEGV", "MAPERR"), SEGV_ACCERR("SIGSEGV", "ACCERR"), BUS_ADRERR("SIGBUS", "ADRERR"), BUS_MCEERR_AR("SIGBUS", "MCEERR_AR"),
    KILL("SIGKILL", "");

    private final String signal;
    private final String code;

    Signal(String signal, String code) {
        this.signal = signal;
        this.code = code;
    }

    /** The signal's name: {@code SIGSEGV}. */
    public String signal() {
        return signal;
    }

    /** The si_code without its prefix: {@code MAPERR}; empty where there is none. */
    public String code() {
        return code;
    }
}

package io.spectrawatch.ops.process;

/** What a process tells whoever started it, when it ends for another reason than having done. */
public final class ExitCodes {

    /** Any failure that has no code of its own. */
    public static final int FAILED = 1;

    /** Wrong usage: a flag, an argument or a configuration key. */
    public static final int USAGE = 2;

    /** Out of memory, whatever kind; also what the virtual machine itself ends with then. */
    public static final int OUT_OF_MEMORY = 3;

    private ExitCodes() {}
}

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

    /** {@value #OUT_OF_MEMORY} where memory ran out, else {@value #FAILED}. */
    public static int of(Throwable failure) {
        return LastWords.outOfMemory(failure) == null ? FAILED : OUT_OF_MEMORY;
    }
}

package io.spectrawatch.ops.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Main class of every child JVM: runs another main class and ends the JVM when its standard input
 * ends.
 *
 * <p>The parent holds the other end of that input, so a parent that dies in any way, {@code kill
 * -9} included, takes its children along.
 */
final class ChildMain {

    private static final int PARENT_GONE = 4;

    private ChildMain() {}

    /** Arguments: name of the main class to run, and its arguments. */
    public static void main(String[] args) throws Exception {
        exitWithParent();
        var main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static void exitWithParent() {
        Thread watch =
                new Thread(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {
                                    // only the end of the input means anything
                                }
                            } catch (IOException e) {
                                // a broken pipe is the end of the input, too
                            }
                            Runtime.getRuntime().halt(PARENT_GONE);
                        },
                        "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }
}

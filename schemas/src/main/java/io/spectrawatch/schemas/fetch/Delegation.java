package io.spectrawatch.schemas.fetch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** An object that answers some calls of an interface in another way and hands on the rest. */
public final class Delegation {

    /** Decides about one call. */
    @FunctionalInterface
    public interface Interposed {

        /**
         * @param rest makes the call on the object itself, with the arguments as they then are
         */
        Object call(Method method, Object[] arguments, Rest rest) throws Throwable;
    }

    /** The call as it would be without us. */
    @FunctionalInterface
    public interface Rest {

        Object call() throws Throwable;
    }

    private Delegation() {}

    /**
     * @param type an interface of the target
     */
    public static <T> T of(Class<T> type, T target, Interposed interposed) {
        Object proxy =
                Proxy.newProxyInstance(
                        Delegation.class.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) ->
                                interposed.call(
                                        method,
                                        arguments,
                                        () -> invoke(method, target, arguments)));
        return type.cast(proxy);
    }

    private static Object invoke(Method method, Object target, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}

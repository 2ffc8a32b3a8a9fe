package io.spectrawatch.spectral.baseline;

import io.spectrawatch.spectral.certificate.InterfaceBaseline;

/**
 * Two adjacent layers seen on the same rows, and what their certificates compare with.
 *
 * @param x position of the first layer among {@link ModelBaseline#layers}
 * @param y position of the second layer
 * @param certificate the interface's own baseline; its name is {@link #name}
 */
public record ModelInterface(int x, int y, InterfaceBaseline certificate) {

    /** Returns the interface's name, {@code <x layer>-><y layer>}. */
    public String name() {
        return certificate.name();
    }

    /** Returns the name of the interface between two layers. */
    public static String name(String x, String y) {
        return x + "->" + y;
    }
}

/** Linear algebra in fp64 with a fixed order of summation, and bounds on its rounding. */
package io.spectrawatch.spectral.linalg;

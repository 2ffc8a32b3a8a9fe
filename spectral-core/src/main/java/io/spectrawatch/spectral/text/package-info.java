/** Text as hashed n-grams. */
package io.spectrawatch.spectral.text;

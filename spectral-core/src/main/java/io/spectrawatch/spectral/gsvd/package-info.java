/** Generalised singular values of a pair of moments: gain profiles and what outgrows them. */
package io.spectrawatch.spectral.gsvd;

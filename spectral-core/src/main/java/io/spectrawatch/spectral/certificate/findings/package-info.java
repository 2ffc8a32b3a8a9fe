/**
 * What a certificate says beside its structure: charts, principal angles and truncation of a layer.
 */
package io.spectrawatch.spectral.certificate.findings;

/** Alerts of one interface: e-processes over its scores, when one is raised and when it is over. */
package io.spectrawatch.spectral.certificate.alert;

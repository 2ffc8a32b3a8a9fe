/** From the moments of an interface to certificates and their alerts. */
package io.spectrawatch.flink.monitor.certify;

/** Recorded beside recomputed, record by record. */
package io.spectrawatch.ops.audit.compare;

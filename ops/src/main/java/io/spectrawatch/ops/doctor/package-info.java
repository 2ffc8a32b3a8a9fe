/** Looks at machine, broker and services, and says what is wrong. */
package io.spectrawatch.ops.doctor;

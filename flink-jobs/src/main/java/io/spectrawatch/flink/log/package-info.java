/**
 * The validated log as every job reads it: source, records, rows and how they are checked and
 * counted.
 */
package io.spectrawatch.flink.log;

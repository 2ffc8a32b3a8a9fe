/**
 * The way of a record through ingest: checked, counted, forwarded or put aside as a dead letter.
 */
package io.spectrawatch.ingest.topology;

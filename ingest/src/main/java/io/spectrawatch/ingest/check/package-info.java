/** What a snapshot has to hold, one class per reason to refuse it. */
package io.spectrawatch.ingest.check;

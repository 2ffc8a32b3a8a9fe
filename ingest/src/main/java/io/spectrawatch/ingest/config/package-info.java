/** Settings of ingest. */
package io.spectrawatch.ingest.config;

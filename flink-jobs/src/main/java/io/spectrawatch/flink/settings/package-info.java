/** Settings of jobs: declared, read, and what was probably meant where a name is unknown. */
package io.spectrawatch.flink.settings;

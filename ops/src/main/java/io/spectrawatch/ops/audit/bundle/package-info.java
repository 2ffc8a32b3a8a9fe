/** What an audit leaves behind: a folder that can be checked without Kafka, and its report. */
package io.spectrawatch.ops.audit.bundle;

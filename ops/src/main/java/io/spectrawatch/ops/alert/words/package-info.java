/** Alerts in words and as JSON, and the commands that belong to them. */
package io.spectrawatch.ops.alert.words;

/** What the console knows of models: the newest records and bounded histories. */
package io.spectrawatch.ops.console.store;

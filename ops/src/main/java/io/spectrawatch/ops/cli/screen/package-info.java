/** What commands print while and after they work. */
package io.spectrawatch.ops.cli.screen;

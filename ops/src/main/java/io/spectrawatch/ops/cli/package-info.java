/** The commands. Entry: {@link io.spectrawatch.ops.cli.Main}. */
package io.spectrawatch.ops.cli;

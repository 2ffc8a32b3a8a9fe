/** Child processes, and a process's last words. */
package io.spectrawatch.ops.process;

/** Child processes, a process's last words, and folders that go with a process. */
package io.spectrawatch.ops.process;

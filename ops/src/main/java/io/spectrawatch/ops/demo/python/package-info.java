/**
 * The demo of a server in Python that is attacked; {@link
 * io.spectrawatch.ops.demo.python.PythonDemo} is its door.
 */
package io.spectrawatch.ops.demo.python;

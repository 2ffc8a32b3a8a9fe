/** The HTTP server and who may ask it. */
package io.spectrawatch.ops.web;

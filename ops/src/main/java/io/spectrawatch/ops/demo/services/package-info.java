/**
 * The services alone, for clients of one's own; {@link
 * io.spectrawatch.ops.demo.services.ServicesDemo} is its door.
 */
package io.spectrawatch.ops.demo.services;

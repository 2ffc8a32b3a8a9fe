/**
 * Wire formats: the Avro records of all topics, how they are framed, every version that was
 * released, and the catalogue of topics. Entry: {@link io.spectrawatch.schemas.Wire}.
 */
package io.spectrawatch.schemas;

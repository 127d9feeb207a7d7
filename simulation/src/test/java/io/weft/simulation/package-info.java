/// Whole clusters in one thread, from one seed.
package io.weft.simulation;

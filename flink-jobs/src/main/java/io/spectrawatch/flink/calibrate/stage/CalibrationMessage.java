package io.spectrawatch.flink.calibrate.stage;

/**
 * What operators of a calibration tell each other; public because Flink's record serializer asks
 * for it.
 *
 * @param slot merge slot the message is for
 * @param payload a summary in its versioned binary form
 */
public record CalibrationMessage(int slot, byte[] payload) {}

package io.spectrawatch.spectral.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.spectrawatch.spectral.onnx.OnnxRuntime;
import org.junit.jupiter.api.Test;

class KernelProvidersTest {
    @Test
    void autoIsTheHostWithoutADevice() {
        assumeFalse(OnnxRuntime.hasDeviceNode(), "an NVIDIA device node exists");
        try (Kernels kernels = KernelProviders.open(KernelChoice.AUTO)) {
            assertEquals("HOST", kernels.description().provider());
        }
    }

    @Test
    void cudaSaysWhatIsMissing() {
        assumeFalse(OnnxRuntime.hasDeviceNode(), "an NVIDIA device node exists");
        KernelException e =
                assertThrows(KernelException.class, () -> KernelProviders.open(KernelChoice.CUDA));
        assertTrue(e.getMessage().contains("device node"), e.getMessage());
    }
}

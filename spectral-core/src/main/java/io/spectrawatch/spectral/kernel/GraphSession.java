package io.spectrawatch.spectral.kernel;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.spectrawatch.spectral.tensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * One loaded graph; inputs are direct buffers, outputs are written straight into direct buffers.
 */
final class GraphSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String name;

    GraphSession(
            OrtEnvironment environment,
            String name,
            byte[] model,
            OrtSession.SessionOptions options) {
        this.environment = environment;
        this.name = name;
        try {
            this.session = environment.createSession(model, options);
        } catch (OrtException e) {
            throw new KernelException("ONNX Runtime cannot load the graph " + name, e);
        }
    }

    /** Starts a call. */
    Call call() {
        return new Call();
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new KernelException("ONNX Runtime cannot close the graph " + name, e);
        }
    }

    /** Tensors of one run; closing frees them. */
    final class Call implements AutoCloseable {
        private final Map<String, OnnxTensor> inputs = new HashMap<>();
        private final Map<String, OnnxTensor> outputs = new HashMap<>();

        Call in(String tensor, DoubleBuffer buffer, long... shape) {
            inputs.put(tensor, wrap(buffer, shape));
            return this;
        }

        Call in(String tensor, ByteBuffer raw, ElementType type, long... shape) {
            OnnxJavaType javaType =
                    switch (type) {
                        case FLOAT32 -> OnnxJavaType.FLOAT;
                        case FLOAT16 -> OnnxJavaType.FLOAT16;
                        case BFLOAT16 -> OnnxJavaType.BFLOAT16;
                    };
            ByteBuffer view = raw.slice(0, (int) elements(shape) * type.bytes()).order(raw.order());
            try {
                inputs.put(tensor, OnnxTensor.createTensor(environment, view, shape, javaType));
            } catch (OrtException e) {
                throw new KernelException("graph " + name + ": input " + tensor, e);
            }
            return this;
        }

        Call out(String tensor, DoubleBuffer buffer, long... shape) {
            outputs.put(tensor, wrap(buffer, shape));
            return this;
        }

        private OnnxTensor wrap(DoubleBuffer buffer, long[] shape) {
            try {
                return OnnxTensor.createTensor(
                        environment, buffer.slice(0, (int) elements(shape)), shape);
            } catch (OrtException e) {
                throw new KernelException("graph " + name + ": a tensor cannot be made", e);
            }
        }

        void run() {
            try {
                session.run(inputs, Set.of(), outputs).close();
            } catch (OrtException e) {
                throw new KernelException("graph " + name + " failed on " + inputs.keySet(), e);
            }
        }

        @Override
        public void close() {
            inputs.values().forEach(OnnxTensor::close);
            outputs.values().forEach(OnnxTensor::close);
        }
    }

    private static long elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return elements;
    }
}

package io.spectrawatch.ops.topic;

import java.io.IOException;

/** A topic that does not exist. */
public final class MissingTopicException extends IOException {

    private static final long serialVersionUID = 1;

    MissingTopicException(String topic) {
        super("the topic " + topic + " does not exist");
    }
}

package io.spectrawatch.ops.audit.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChartsTest {

    @Test
    void layersThatEndAlikeAreToldApart() {
        List<String> names = new ArrayList<>();
        for (int layer = 0; layer < 12; layer++) {
            names.add("sketches  /encoder/layer." + layer + "/output/LayerNorm/Add_1_output_0");
        }
        names.add("sketches  last_hidden_state");
        Map<String, String> labels = Charts.labels(names);
        assertEquals(13, new HashSet<>(labels.values()).size(), labels.toString());
        assertEquals("sketches  last_hidden_state", labels.get("sketches  last_hidden_state"));
        assertTrue(labels.values().stream().allMatch(label -> label.length() <= 41));
    }

    @Test
    void aSingleLongNameKeepsItsBothEnds() {
        String name = "a".repeat(50) + "b".repeat(50);
        String label = Charts.labels(List.of(name)).get(name);
        assertTrue(label.startsWith("aaaa") && label.endsWith("bbbb"), label);
        assertTrue(label.length() <= 41, label);
    }
}

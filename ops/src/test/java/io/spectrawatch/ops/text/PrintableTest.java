package io.spectrawatch.ops.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class PrintableTest {

    @Test
    void ordinaryTextStaysAsItIs() {
        String text = "/encoder/layer.0 \"é\" 漢字 \uD83D\uDE00 <b>";
        assertSame(text, Printable.text(text));
    }

    @Test
    void nothingReachesTheTerminalAsACommand() {
        assertEquals("a\\u001B[2Jb", Printable.text("a\u001B[2Jb"));
        assertEquals("a\\u000Ab\\u000D", Printable.text("a\nb\r"));
        assertEquals("\\u202Egnp.exe", Printable.text("\u202Egnp.exe"));
        assertEquals("\\u009B31m\\u2028", Printable.text("\u009B31m\u2028"));
    }
}

package io.spectrawatch.ops.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Texts, one a line, from a UTF-8 file; what is no UTF-8 is named with its place. */
final class TextLines {

    private static final String POINTER = "version https://git-lfs";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextLines() {}

    static List<String> read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, chars, true);
        if (result.isError()) {
            throw notUtf8(file, bytes, in.position());
        }
        String text = chars.flip().toString();
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        if (text.startsWith(POINTER)) {
            throw new IOException(
                    file
                            + ": a Git LFS pointer instead of texts; git lfs pull fetches the file"
                            + " it stands for");
        }
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new IOException(file + ": at least one text expected, found blank lines only");
        }
        return lines;
    }

    private static IOException notUtf8(Path file, byte[] bytes, int at) {
        boolean wide = bytes.length > 1 && (bytes[0] & 0xFE) == 0xFE && (bytes[1] & 0xFE) == 0xFE;
        int line = 1;
        int start = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new IOException(
                String.format(
                        "%s: line %d, byte %d: UTF-8 expected, found the byte 0x%02x; convert the"
                                + " file, such as with iconv -f %s -t UTF-8",
                        file, line, at - start + 1, bytes[at], wide ? "UTF-16" : "LATIN1"));
    }
}

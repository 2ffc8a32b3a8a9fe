package io.spectrawatch.ops.audit.bundle;

import io.spectrawatch.ops.audit.rule.ReplayVerdict;

/** Text for HTML and SVG; whatever comes from a record is escaped here. */
public final class Html {

    private Html() {}

    /** Text as content or as a quoted attribute. */
    public static String escape(Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(printable(c) ? c : '\uFFFD');
            }
        }
        return escaped.toString();
    }

    private static boolean printable(char c) {
        return c >= ' ' || c == '\n' || c == '\t';
    }

    /** A table row of escaped cells. */
    public static String row(Object... cells) {
        StringBuilder row = new StringBuilder("<tr>");
        for (Object cell : cells) {
            row.append("<td>").append(escape(cell)).append("</td>");
        }
        return row.append("</tr>\n").toString();
    }

    /** A table head of escaped cells. */
    static String head(Object... cells) {
        return "<thead>"
                + row(cells).replace("<td>", "<th>").replace("</td>", "</th>")
                + "</thead>\n";
    }

    /** A verdict with its colour. */
    static String badge(ReplayVerdict verdict) {
        return "<span class=\"v " + verdict + "\">" + verdict + "</span>";
    }

    /** What a page says of more things than it shows; empty where it shows all. */
    static String leftOut(int count, String what) {
        return count > 0
                ? "<p>"
                        + count
                        + " further "
                        + what
                        + " are not shown; the container files hold all.</p>"
                : "";
    }
}

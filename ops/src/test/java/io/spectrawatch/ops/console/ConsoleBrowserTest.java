package io.spectrawatch.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.spectrawatch.ops.alert.MadeAlerts;
import io.spectrawatch.ops.alert.RelatedRecords;
import io.spectrawatch.schemas.Alert;
import io.spectrawatch.schemas.AlertTransition;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every page of the console in a real browser: no error, no request elsewhere, nothing that axe
 * objects to, all of it by keyboard. Screens are kept below {@code target/console}.
 *
 * <pre>
 * mvn -pl ops test -Pbrowser
 * </pre>
 */
@Timeout(300)
@DisabledIfSystemProperty(named = "spectrawatch.browser", matches = "none|")
class ConsoleBrowserTest {

    private static final String EVIL =
            "<script>document.title='owned'</script><img src=x onerror=alert(1)>\u202Egnp"
                    + "x".repeat(120);

    private static final String ALERT = "3fa1c2d4e5f60718";
    private static final Path SCREENS = Path.of("target", "console");

    /** What axe objects to, with where; that it looked at all is an objection otherwise. */
    private static final String AXE =
            "async () => { const found = await axe.run(); return found.violations.flatMap(v =>"
                    + " v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' +"
                    + " n.failureSummary)).concat(found.passes.length < 10 ? ['looked at little']"
                    + " : []); }";

    private static final int PATIENCE_MILLIS = 30_000;

    private static final int PAUSE_MILLIS = 50;

    @TempDir private static Path folder;
    private static Playwright playwright;
    private static Browser browser;
    private static ServedConsole console;
    private static String axe;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() throws IOException {
        playwright =
                Playwright.create(
                        new Playwright.CreateOptions()
                                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser =
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions().setExecutablePath(executable()));
        try (InputStream in = ConsoleBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            axe = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        console = new ServedConsole(ServedConsole.responder(folder));
        fill();
    }

    private static Path executable() {
        String name = System.getProperty("spectrawatch.browser");
        for (String each : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(each, name))) {
                return Path.of(each, name);
            }
        }
        throw new IllegalStateException(name + " is not on the PATH; Debian's package is " + name);
    }

    private static void fill() {
        Random random = new Random(Long.getLong("spectrawatch.seed", 20260101L));
        for (int pane = 1; pane <= 50; pane++) {
            double moved = pane < 40 ? 0 : (pane - 40) * 0.03;
            for (int layer = 0; layer < 4; layer++) {
                double decay = 1 + 0.1 * layer + moved + random.nextGaussian() * 0.02;
                console.add(MadeRecords.sketch("gpt", "h." + layer, layer, pane, decay));
            }
            double evidence = pane < 40 ? random.nextGaussian() * 0.4 : (pane - 40) * 0.6;
            for (int layer = 0; layer < 3; layer++) {
                String x = "h." + layer;
                String y = "h." + (layer + 1);
                console.add(
                        MadeRecords.certificate(
                                "gpt", x + "->" + y, x, y, pane, layer == 0 ? evidence : -0.5));
            }
            console.add(MadeRecords.exceedances("gpt", pane, 200, random.nextInt(5)));
        }
        for (int number = 1; number <= 1_000; number++) {
            double p = number % 40 == 0 ? 0.002 : 0.011 + 0.989 * random.nextDouble();
            console.add(MadeRecords.scores("gpt", "r" + number, "c" + number % 7, number, p));
        }
        console.add(
                MadeRecords.sketch("bert", "last_hidden_state", 0, 50, 1.2),
                MadeRecords.sketch(EVIL, EVIL, 0, 50, 1.2),
                MadeRecords.scores(EVIL, EVIL, EVIL, 1, 0.001),
                MadeAlerts.drift("0aa1", AlertTransition.RAISED, 5),
                MadeAlerts.drift("0aa2", AlertTransition.RESOLVED, 12),
                MadeAlerts.drift(ALERT, AlertTransition.RAISED, 47),
                MadeAlerts.attack("77b0c1d2e3f4a5b6", "c3", AlertTransition.RAISED, 44),
                Alert.newBuilder(MadeAlerts.attack("99e0", EVIL, AlertTransition.RAISED, 45))
                        .setModelId(EVIL)
                        .setText(EVIL)
                        .build());
        console.lieBehind(
                new RelatedRecords(
                        List.of(MadeRecords.scores("gpt", "r1", "c3", 17, 0.002)),
                        MadeRecords.certificate("gpt", "h.0->h.1", "h.0", "h.1", 47, 5.0)));
    }

    @AfterAll
    static void stop() {
        console.close();
        browser.close();
        playwright.close();
    }

    @BeforeEach
    void open() {
        context =
                browser.newContext(
                        new Browser.NewContextOptions()
                                .setViewportSize(1280, 900)
                                .setHttpCredentials("on-call", "secret"));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        page = context.newPage();
        page.onConsoleMessage(
                message -> {
                    if (!List.of("log", "info", "debug").contains(message.type())) {
                        complaints.add(message.type() + ": " + message.text());
                    }
                });
        page.onPageError(complaints::add);
        page.onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
        page.onRequest(
                request -> {
                    if (!request.url().startsWith(console.url())) {
                        complaints.add("elsewhere: " + request.url());
                    }
                });
    }

    @AfterEach
    void close() {
        context.close();
    }

    private static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("fleet", "#/");
        pages.put("alerts", "#/alerts");
        pages.put("alert", "#/alert/" + ALERT);
        pages.put("attack", "#/alert/77b0c1d2e3f4a5b6");
        pages.put("model", "#/model/gpt/3/");
        pages.put("layer", "#/layer/gpt/3//h.0");
        pages.put("interface", "#/interface/gpt/3//" + part("h.0->h.1"));
        pages.put("samples", "#/samples/gpt/3/");
        pages.put("health", "#/health");
        pages.put("hostile-model", "#/model/" + part(EVIL) + "/3/");
        pages.put("hostile-layer", "#/layer/" + part(EVIL) + "/3//" + part(EVIL));
        pages.put("hostile-samples", "#/samples/" + part(EVIL) + "/3/");
        pages.put("hostile-alert", "#/alert/99e0");
        return pages;
    }

    private void show(String place) {
        // From another page, so that none of what is waited for is that of the page before.
        page.navigate("about:blank");
        complaints.removeIf(each -> each.equals("elsewhere: about:blank"));
        page.navigate(console.url() + place);
        page.waitForSelector("h1");
        until(
                page,
                "[...document.querySelectorAll('.plot[role=img]')]"
                        + ".every(each => each.querySelector('canvas'))");
    }

    /** Playwright's own waiting compiles text within the page, which the policy forbids. */
    private static void until(Page page, String condition) {
        for (int waited = 0; !(boolean) page.evaluate(condition); waited += PAUSE_MILLIS) {
            assertTrue(waited < PATIENCE_MILLIS, condition);
            page.waitForTimeout(PAUSE_MILLIS);
        }
    }

    @Test
    void everyPageInLightAndDark() throws IOException {
        Files.createDirectories(SCREENS);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (Map.Entry<String, String> each : pages().entrySet()) {
                show(each.getValue());
                String name = each.getKey() + "-" + scheme.name().toLowerCase(Locale.ROOT);
                page.screenshot(
                        new Page.ScreenshotOptions()
                                .setPath(SCREENS.resolve(name + ".png"))
                                .setFullPage(true));
                assertEquals(0, page.locator(".problem").count(), name);
                page.evaluate(axe);
                assertEquals(List.of(), page.evaluate(AXE), name);
                assertEquals(List.of(), complaints, name);
            }
        }
    }

    @Test
    void runbooksLeadToWhereTheyAreServed() {
        show("#/alert/" + ALERT);
        String base = "https://docs.example/ops/docs/";
        assertEquals(
                List.of(base + "certificates-howto.md", base + "runbooks.md#certificate_drift"),
                page.evaluate("[...document.querySelectorAll('.runbook a')].map(e => e.href)"));
        assertEquals(List.of(), complaints);
    }

    @Test
    void hostileNamesAreText() {
        for (Map.Entry<String, String> each : pages().entrySet()) {
            if (each.getKey().startsWith("hostile")) {
                show(each.getValue());
                assertTrue(page.locator("main").textContent().contains("<img src=x"));
                assertEquals(0, page.locator("main script, main img").count(), each.getKey());
                assertFalse(page.title().startsWith("owned"), page.title());
                assertEquals(List.of(), complaints, each.getKey());
                // What turns the direction of text is written out.
                assertTrue(page.locator("main").textContent().contains("\\u202Egnp"));
            }
        }
    }

    /**
     * Tab reaches everything that a pointer does, in the order of the page, and leaves it again.
     */
    @Test
    void allOfItByKeyboard() {
        for (Map.Entry<String, String> each : pages().entrySet()) {
            show(each.getValue());
            int wanted =
                    (int)
                            page.evaluate(
                                    "document.querySelectorAll('a[href], button, input, select,"
                                            + " summary, [tabindex=\"0\"]').length");
            page.evaluate(
                    "() => { window.reached = new Set(); document.addEventListener('focusin',"
                            + " e => window.reached.add(e.target)); document.body.focus(); }");
            for (int i = 0; i <= wanted; i++) {
                page.keyboard().press("Tab");
            }
            Object missed =
                    page.evaluate(
                            "[...document.querySelectorAll('a[href], button, input, select,"
                                    + " summary, [tabindex=\"0\"]')].filter(e =>"
                                    + " !window.reached.has(e) && e.checkVisibility())"
                                    + ".map(e => e.outerHTML.slice(0, 200))");
            assertEquals(List.of(), missed, each.getKey());
        }
        show("#/");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertEquals("main", page.evaluate("document.activeElement.id"));
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.waitForURL("**/#/alert/*");
        until(page, "document.activeElement.id === 'main'");
    }

    @Test
    void anAlertIsAcknowledgedAndTheOthersSeeIt() {
        Page other = context.newPage();
        other.navigate(console.url() + "#/alerts");
        other.waitForSelector("h1");
        show("#/alert/0aa1");
        page.fill("#reason", "a rollout");
        page.fill("#author", "alice");
        page.click("#write");
        page.waitForSelector(".notes li");
        assertTrue(
                page.locator(".notes").textContent().endsWith("acknowledged by alice: a rollout"));
        other.bringToFront();
        until(other, "document.querySelector('main').textContent.includes('seen by alice')");
        // The browser's first try is without the account, which is how it learns that one is
        // needed.
        complaints.removeIf(each -> each.contains("401"));
        assertEquals(List.of(), complaints);
    }

    @Test
    void theSpectrumMovesWhileSomebodyWatches() {
        show("#/layer/bert/3//last_hidden_state");
        String before = page.locator("main .plot").first().getAttribute("aria-label");
        console.add(MadeRecords.sketch("bert", "last_hidden_state", 0, 51, 1.7));
        until(
                page,
                "document.querySelector('main .plot').ariaLabel !== "
                        + new ObjectMapper().valueToTree(before));
        assertEquals(List.of(), complaints);
    }

    /**
     * Says how long a page takes.
     *
     * @param slower divides the browser's speed, as a machine does that has other things to do
     */
    private static void tell(ServedConsole console, String place, int slower) {
        Page own = browser.newPage();
        JsonObject rate = new JsonObject();
        rate.addProperty("rate", slower);
        own.context().newCDPSession(own).send("Emulation.setCPUThrottlingRate", rate);
        long start = System.nanoTime();
        own.navigate(console.url() + place);
        own.waitForSelector("main tbody tr");
        long shown = System.nanoTime() - start;
        System.out.printf(
                Locale.ROOT,
                "%s with 10,000 alerts and 1,000 layers, at 1/%d of the speed: first paint %.0f ms,"
                        + " content %.0f ms, %s elements%n",
                place,
                slower,
                ((Number)
                                own.evaluate(
                                        "performance.getEntriesByName('first-contentful-paint')[0]"
                                                + ".startTime"))
                        .doubleValue(),
                shown / 1e6,
                own.evaluate("document.querySelectorAll('*').length"));
        own.close();
    }

    /** Timings are told, not judged: they are this machine's. */
    @Test
    void tenThousandAlertsAndAThousandLayers() throws IOException {
        try (ServedConsole large = new ServedConsole(ServedConsole.responder(folder))) {
            LargeConsole.fill(large::add);
            for (int slower : List.of(1, 4)) {
                for (String place : List.of("#/", "#/alerts", "#/model/gpt/3/")) {
                    tell(large, place, slower);
                }
            }
            longTablesAreMadeAsSomebodyScrolls(large);
        }
    }

    /** Rows come while one scrolls, stay while the page changes, and are found by their name. */
    private void longTablesAreMadeAsSomebodyScrolls(ServedConsole large) {
        page.navigate(large.url() + "#/model/gpt/3/");
        Locator rows = page.locator("[aria-label=Layers] tbody tr");
        rows.first().waitFor();
        assertEquals(50, rows.count());
        String scroll =
                "(() => { const e = document.querySelector('[aria-label=Layers]'); e.scrollTop ="
                        + " e.scrollHeight; return e.querySelectorAll('tbody tr').length; })()";
        until(page, scroll + " === " + LargeConsole.LAYERS);
        String place = "document.querySelector('[aria-label=Layers]').scrollTop";
        int before = ((Number) page.evaluate(place)).intValue();
        large.add(MadeRecords.sketch("gpt", "layers.0", 0, 51, 1.7));
        until(
                page,
                "document.querySelector('[aria-label=Layers] tbody').textContent"
                        + ".includes('12:51:00')");
        assertEquals(LargeConsole.LAYERS, rows.count());
        assertEquals(before, ((Number) page.evaluate(place)).intValue(), 2);
        page.getByLabel("Search Layers").fill("layers.77");
        until(page, scroll + " === 11");
        page.evaluate(axe);
        assertEquals(List.of(), page.evaluate(AXE));
        assertEquals(
                List.of(), complaints.stream().filter(e -> !e.startsWith("elsewhere")).toList());
    }
}

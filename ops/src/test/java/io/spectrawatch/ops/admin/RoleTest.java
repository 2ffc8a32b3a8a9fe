package io.spectrawatch.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spectrawatch.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

class RoleTest {

    private static final Role.Ids IDS =
            new Role.Ids(
                    Topics.DEFAULT_PREFIX,
                    Topics.DEFAULT_PREFIX,
                    "spectrawatch.ingest",
                    "spectrawatch-monitor",
                    "spectrawatch-monitor");

    private static final Map<AclOperation, String> LETTERS =
            Map.of(
                    AclOperation.READ, "R",
                    AclOperation.WRITE, "W",
                    AclOperation.DESCRIBE_CONFIGS, "D",
                    AclOperation.DESCRIBE, "d",
                    AclOperation.CREATE, "C");

    /** The page shows what the code asks for; on a difference the message is the right table. */
    @Test
    void theTableOfRightsIsThatOfTheCode() throws IOException {
        String page = Files.readString(Path.of("..", "SECURITY.md"));
        String begin = "<!-- rights -->\n";
        String found =
                page.substring(
                        page.indexOf(begin) + begin.length(), page.indexOf("<!-- /rights -->"));
        assertEquals(table(), found);
    }

    private static String table() {
        Set<String> resources = new LinkedHashSet<>();
        for (Topics topic : Topics.values()) {
            resources.add("topic " + topic.topicName(Topics.DEFAULT_PREFIX));
        }
        for (Role role : Role.values()) {
            role.rights(IDS).forEach(right -> resources.add(right.resourceName()));
        }
        StringBuilder table = new StringBuilder("| resource |");
        Arrays.stream(Role.values()).forEach(r -> table.append(" ").append(r.label()).append(" |"));
        table.append("\n|---|").append("---|".repeat(Role.values().length)).append("\n");
        for (String resource : resources) {
            List<String> cells = new ArrayList<>();
            for (Role role : Role.values()) {
                cells.add(
                        role.rights(IDS).stream()
                                .filter(right -> right.resourceName().equals(resource))
                                .map(right -> LETTERS.get(right.operation()))
                                .collect(Collectors.joining(" ")));
            }
            int space = resource.lastIndexOf(' ');
            table.append("| ")
                    .append(resource, 0, space)
                    .append(" `")
                    .append(resource.substring(space + 1))
                    .append("` |");
            cells.forEach(cell -> table.append(cell.isEmpty() ? " |" : " " + cell + " |"));
            table.append("\n");
        }
        return table.toString();
    }

    @Test
    void activationIsWrittenByOperatorsAlone() {
        for (Role role : Role.values()) {
            boolean writes = role.operations(Topics.ACTIVATION).contains(AclOperation.WRITE);
            assertEquals(role == Role.OPERATOR, writes, role.label());
        }
    }

    @Test
    void notesOnAlertsAreWrittenByRespondersAlone() {
        for (Role role : Role.values()) {
            boolean writes = role.operations(Topics.ALERT_NOTES).contains(AclOperation.WRITE);
            assertEquals(role == Role.RESPONDER, writes, role.label());
        }
    }

    @Test
    void rawActivationsAreReadByWhoWorksOnThem() {
        for (Role role : List.of(Role.CAPTURE, Role.EXPORTER, Role.RESPONDER, Role.FORWARDER)) {
            for (Topics topic : List.of(Topics.ACTIVATIONS, Topics.VALIDATED, Topics.REJECTED)) {
                assertFalse(
                        role.operations(topic).contains(AclOperation.READ),
                        role.label() + " reads " + topic);
            }
        }
    }

    @Test
    void thePrincipalIsNamedAndItsPasswordIsNot() {
        String jaas = "x.ScramLoginModule required username=\"eve\" password=\"hidden\";";
        assertEquals(
                "User:eve",
                Principal.of(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", jaas)));
        assertEquals("User:ANONYMOUS", Principal.of(Map.of()));
        assertTrue(
                Principal.of(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "odd"))
                        .startsWith("this client"));
    }
}

package io.driftwatch.job.ruletest;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes how tests went in the form that continuous integration reads: JUnit's XML. */
public final class JunitReport {
    private JunitReport() {}

    /**
     * Writes a report.
     *
     * @param runs file name to its tests
     * @throws IOException if the file cannot be written
     */
    public static void write(Path report, Map<String, List<RuleTestRun>> runs) throws IOException {
        try (Writer out = Files.newBufferedWriter(report)) {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (Map.Entry<String, List<RuleTestRun>> suite : runs.entrySet()) {
                suite(xml, suite.getKey(), suite.getValue());
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("cannot write " + report, e);
        }
    }

    private static void suite(XMLStreamWriter xml, String file, List<RuleTestRun> runs)
            throws XMLStreamException {
        long failed = runs.stream().filter(run -> !run.failures().isEmpty()).count();
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", file);
        xml.writeAttribute("tests", Integer.toString(runs.size()));
        xml.writeAttribute("failures", Long.toString(failed));
        for (RuleTestRun run : runs) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", file);
            xml.writeAttribute("name", run.name());
            if (!run.failures().isEmpty()) {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", run.failures().get(0));
                xml.writeCharacters(String.join("\n", run.failures()));
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }
}

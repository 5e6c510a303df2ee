package io.driftwatch.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowsTest {
    /** A row and the line in which it begins. */
    private record Row(long line, List<String> cells) {}

    /** Gives as few bytes as it may, so that every row is met unfinished. */
    private static final class SlowInput extends ByteArrayInputStream {
        SlowInput(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(1, length));
        }
    }

    private static List<Row> rows(InputStream in, int bufferSize) throws IOException {
        List<Row> all = new ArrayList<>();
        try (CsvRows rows = new CsvRows(in, bufferSize)) {
            while (rows.next()) {
                all.add(new Row(rows.line(), rows.all()));
            }
        }
        return all;
    }

    private static List<Row> rows(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        List<Row> all = rows(new ByteArrayInputStream(bytes), 1 << 16);
        assertThat(rows(new SlowInput(bytes), 1)).isEqualTo(all);
        return all;
    }

    private static List<List<String>> cells(String text) throws IOException {
        return rows(text).stream().map(Row::cells).toList();
    }

    @Test
    void refusesARowWithoutEnd() {
        byte[] endless = new byte[17 << 20];
        endless[0] = '"';

        assertThatThrownBy(() -> rows(new ByteArrayInputStream(endless), 1 << 16))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the row that begins in line 1 does not end within 16 MiB; is there a quote"
                                + " that nothing closes?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n\r\n", "\r\r", "\n\n\n"})
    void findsNoRowWhereThereIsNothing(String text) throws IOException {
        assertThat(rows(text)).isEmpty();
    }

    @Test
    void aQuoteThatNothingClosesTakesInTheRest() throws IOException {
        assertThat(cells("a,\"b,c\nd\n")).containsExactly(List.of("a", "b,c\nd\n"));
    }

    @Test
    void whatStandsBehindAClosingQuoteBelongsToTheCell() throws IOException {
        assertThat(cells("\"a\"b,c\n\"d\" ,e"))
                .containsExactly(List.of("ab", "c"), List.of("d ", "e"));
    }

    @Test
    void aQuoteInsideACellIsAQuote() throws IOException {
        assertThat(cells("a\"b,\"\"\"\"\n")).containsExactly(List.of("a\"b", "\""));
    }

    @Test
    void aLineOfNothingButQuotesIsARow() throws IOException {
        assertThat(cells("\"\"\n\n,\n")).containsExactly(List.of(""), List.of("", ""));
    }

    @Test
    void countsLinesAsAnEditorDoes() throws IOException {
        assertThat(rows("a\r\n\n\"b\r\nc\rd\ne\",f\rg"))
                .extracting(Row::line)
                .containsExactly(1L, 3L, 7L);
    }

    /**
     * FastCSV is another reader of the same format. Version 4.0.0 loses a row of which a quoted
     * cell holds a CR alone, so none does here.
     */
    @Test
    void findsWhatAnotherReaderFinds() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 3_000; i++) {
            String text = randomText(random);
            assertThat(rows(text)).as(text).isEqualTo(byFastCsv(text));
        }
    }

    private static List<Row> byFastCsv(String text) throws IOException {
        List<Row> all = new ArrayList<>();
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder()
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .ofCsvRecord(text)) {
            reader.forEach(row -> all.add(new Row(row.getStartingLineNumber(), row.getFields())));
        }
        return all;
    }

    private static String randomText(SplittableRandom random) {
        String[] breaks = {"\n", "\r", "\r\n"};
        StringBuilder text = new StringBuilder();
        int rows = random.nextInt(8);
        for (int row = 0; row < rows; row++) {
            int cells = random.nextInt(5);
            for (int cell = 0; cell < cells; cell++) {
                text.append(cell == 0 ? "" : ",").append(randomCell(random));
            }
            boolean last = row == rows - 1 && random.nextBoolean();
            text.append(last ? "" : breaks[random.nextInt(breaks.length)]);
        }
        return text.toString();
    }

    private static String randomCell(SplittableRandom random) {
        boolean quoted = random.nextBoolean();
        String[] pieces =
                quoted
                        ? new String[] {"a", "é€😀", ",", "\n", "\r\n", "\"\"", " ", "1.5"}
                        : new String[] {"a", "é€😀", " ", "-1.5", "/", "\0"};
        StringBuilder cell = new StringBuilder(quoted ? "\"" : "");
        int length = random.nextInt(4);
        for (int i = 0; i < length; i++) {
            cell.append(pieces[random.nextInt(pieces.length)]);
        }
        return cell.append(quoted ? "\"" : "").toString();
    }
}

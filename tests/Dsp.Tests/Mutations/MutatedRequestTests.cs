using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Dsp.Identity;
using Dsp.Interop.Fhir;
using Dsp.Tests.Mhd;
using Dsp.Tests.Server;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;
using Task = System.Threading.Tasks.Task;

namespace Dsp.Tests.Mutations;

/// <summary>
/// Requests made worse by a fixed seed, over a socket: none is a fault of ours, every refusal is an OperationOutcome with our id, and
/// of what was refused nothing is kept. <c>DSP_MUTATION=n</c> sends the one request n alone.
/// </summary>
public sealed partial class MutatedRequestTests
{
    private const string Ward = "urn:oid:1.3.182.3.1.1.77.34.3";

    /// <summary>What a deposit or a feed leaves behind; the journal is written by refusals too.</summary>
    private static readonly string[] Kept = ["documents", "contents", "submission_sets", "folders", "unique_ids", "persons", "person_tokens", "document_facts"];

    [Fact]
    public Task Two_thousand_mutated_requests_are_answered_or_refused_by_name() => SendAsync(0, 2_000);

    [Fact, Trait("Tier", "Long")]
    public Task A_hundred_thousand_mutated_requests_are_answered_or_refused_by_name() => SendAsync(0, 100_000);

    private static async Task SendAsync(int from, int count)
    {
        if (Environment.GetEnvironmentVariable("DSP_MUTATION") is { Length: > 0 } one) (from, count) = (int.Parse(one, CultureInfo.InvariantCulture), 1);
        await using var cast = await Cast.StartAsync(Store.Sqlite);
        Assert.Empty((await cast.Server.World.Operation<ImportDirectory>().RunAsync(DirectoryKind.Domains, new StringReader($"domain,system\n{Ward},hospital\n"), cast.Server.World.Cancel)).Rejected);
        await cast.OpenContextAsync();
        var seeds = Seeds.Of(cast, [await cast.DepositedAsync("<a/>"u8.ToArray()), (await cast.KeptAsync(cast.Bundle().InFolder(Bundles.Urn())))[1][1]], (await cast.ListsAsync(cast.Holder)).Resources("List")[0].GetProperty("id").GetString()!);
        var (faults, answers) = (new List<string>(), new SortedDictionary<int, int>());
        var since = TimeProvider.System.GetTimestamp();
        var kept = await KeptAsync(cast);
        for (var number = from; number < from + count; number++)
        {
            var random = new Random(number);
            var (message, headers) = new Mutator(random).Next(seeds[random.Next(seeds.Count)]);
            Answer answer;
            try
            {
                answer = await cast.Server.SendAsync(new HttpMethod(message.Method), message.Path, message.Token, Content(message, headers), [.. headers.Where(h => h.Name is not ("Content-Encoding" or "Content-Language"))]);
            }
            catch (Exception e) when (e is UriFormatException or FormatException or InvalidOperationException)
            {
                // What this client cannot put on the wire.
                continue;
            }
            catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.InvalidResponse or HttpRequestError.Unknown)
            {
                faults.Add($"{number} {message.Method} {message.Path[..Math.Min(150, message.Path.Length)]}: {e.Message}");
                continue;
            }
            // Refused before any door: a path with a zero byte by the web server, a name that is not ours by the edge.
            if (answer is { Status: 400, Bytes.Length: 0 } && message.Path.Contains("%00", StringComparison.Ordinal) || answer.Status == 421) continue;
            answers[answer.Status] = answers.GetValueOrDefault(answer.Status) + 1;
            if (FaultOf(message.Method, answer) is { } fault) faults.Add($"{number} {message.Method} {message.Path[..Math.Min(150, message.Path.Length)]} {message.Type} {string.Join("; ", headers)}: {fault}");
            if (message.Method is "POST" or "PUT" or "PATCH" or "DELETE" && await KeptAsync(cast) is var now && now != kept)
            {
                if (answer.Status >= 400) faults.Add($"{number} {message.Method} {message.Path}: refused with {answer.Status}, and something is kept");
                kept = now;
            }
            if (number % 500 == 0) Thrown(cast.Server.Log, faults);
            if (faults.Count > 40) break;
        }

        Thrown(cast.Server.Log, faults);
        TestContext.Current.TestOutputHelper?.WriteLine($"{seeds.Count} seeds, {TimeProvider.System.GetElapsedTime(since).TotalSeconds:F0} s, {string.Join(", ", answers.Select(a => $"{a.Key}: {a.Value}"))}");
        Assert.True(faults.Count == 0, $"{faults.Count}\n{string.Join('\n', faults)}");
        if (count < 1000) return;
        // Not everything dies at the first wall: messages are read, and some of them are good enough.
        foreach (var status in new[] { 200, 201, 400, 401, 403, 404, 405, 406, 415, 422 }) Assert.True(answers.ContainsKey(status), $"No answer with {status}.");
        Assert.True(answers[422] > count / 100 && answers[200] > count / 20);
    }

    private static string? FaultOf(string method, Answer answer)
    {
        if (answer.Status >= 500) return $"{answer.Status} {answer.Text[..Math.Min(400, answer.Text.Length)]}";
        if (answer.Status < 400 || method == "HEAD") return null;
        if (answer.Bytes.Length == 0) return $"{answer.Status} without a body";
        var (outcome, problems) = answer.Header("Content-Type").Contains("xml", StringComparison.Ordinal)
            ? FhirXml.Parse(answer.Bytes, 64) is var xml ? (xml.Resource as OperationOutcome, xml.Problems) : default
            : FhirJson.Parse<OperationOutcome>(answer.Bytes);
        if (outcome is null || problems.Count > 0) return $"{answer.Status} is no OperationOutcome: {answer.Text[..Math.Min(200, answer.Text.Length)]}";
        return outcome.Issue.TrueForAll(i => i.Details?.Coding.Exists(c => c.System == FhirNames.RefusalSystem && Id().IsMatch(c.Code ?? "")) == true) ? null : $"{answer.Status} without our id: {answer.Text}";
    }

    private static void Thrown(ConcurrentQueue<string> log, List<string> faults)
    {
        while (log.TryDequeue(out var line))
            if (Stack().IsMatch(line)) faults.Add("logged: " + line[..Math.Min(900, line.Length)]);
    }

    private static async Task<long> KeptAsync(Cast cast)
    {
        var sum = 0L;
        foreach (var table in Kept) sum += await cast.Server.World.CountAsync(table);
        return sum;
    }

    private static ByteArrayContent? Content(Sent message, List<(string Name, string Value)> headers)
    {
        if (message.Body is not { } bytes || message.Method is "GET" or "HEAD") return null;
        var content = new ByteArrayContent(bytes);
        if (message.Type is { Length: > 0 } type) content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in headers.Where(h => h.Name is "Content-Encoding" or "Content-Language")) content.Headers.TryAddWithoutValidation(name, value);
        return content;
    }

    [GeneratedRegex(@"^DSP-\d{4}$")]
    private static partial Regex Id();

    /// <summary>A line of a stack trace.</summary>
    [GeneratedRegex(@"\n\s+at [A-Z]")]
    private static partial Regex Stack();
}

using System.Globalization;
using System.Security.Cryptography;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;

namespace Dsp.Interop.Mhd;

/// <summary>
/// ITI-65 Provide Document Bundle: the bytes received → one submission, or a refusal that carries every problem found.
/// Size, encoding, depth and form come first, then the strict FHIR parse, then <see cref="ProvideRules"/>.
/// </summary>
public static class ProvideBundleReader
{
    /// <summary>Reads one message. Nothing of its text is repeated in a refusal.</summary>
    /// <param name="clock">Gives the submission its id.</param>
    public static Outcome<ProvidedBundle> Read(ReadOnlyMemory<byte> json, ProvideSettings settings, TimeProvider clock)
    {
        if (json.Length > settings.MaxBytes) return TooLarge(settings.MaxBytes);
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        var scan = BundleScan.Read(json);
        if (!scan.Succeeded) return scan.Refusal;

        var problems = new Problems();
        var (bundle, found) = FhirJson.Parse<Bundle>(scan.Value.WithoutData.Span);
        problems.AddRange(found);
        if (bundle is null || problems.Unreadable || bundle.Entry.Count != scan.Value.Entries.Count)
        {
            if (!problems.Any) problems.Add(Refusals.Malformed);
            return problems.Refusal();
        }

        ProvideMessage message;
        try
        {
            message = new ProvideMessage(bundle, scan.Value, json, settings, problems);
        }
        catch (CodedValidationException) when (problems.Any)
        {
            // What the entries are cannot be told; the parse has said why.
            return problems.Refusal();
        }
        foreach (var rule in ProvideRules.All) Check(rule, message);
        return problems.Any ? problems.Refusal() : Provided(message, clock);
    }

    internal static void Check(ProvideRule rule, ProvideMessage message)
    {
        message.Problems.Rule = $"{rule.Name} ({rule.Source}).";
        try
        {
            rule.Check(message);
        }
        catch (CodedValidationException) when (message.Problems.Any)
        {
            // The rule met a value the parse could not read and has already told of; the other rules still speak.
        }
        finally
        {
            message.Problems.Rule = null;
        }
    }

    /// <summary>The refusal of a message beyond the limit, with the limit in it.</summary>
    public static Refusal TooLarge(long limit)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{limit / (1024 * 1024)} MiB");
        return Refusals.TooLarge with
        {
            Text = Refusals.TooLarge.Text.Replace("{limit}", text, StringComparison.Ordinal),
            Values = new Dictionary<string, string>(StringComparer.Ordinal) { ["limit"] = text },
        };
    }

    private static ProvidedBundle Provided(ProvideMessage m, TimeProvider clock)
    {
        var documents = m.Documents.Select(d => Document(m, d)).ToList();
        return new ProvidedBundle(
            new ProvidedSubmission
            {
                Patient = m.Patient!,
                Submission = SubmissionReader.Read(m, clock),
                Documents = documents,
                Folders = [.. m.Folders.Select(FolderReader.Read)],
                Supersedes = [.. m.UpdatedDocuments.Select(u => (u.Value, m.KnownVersions.TryGetValue(u.Key, out var version) ? version : (long?)null))],
            },
            [.. Enumerable.Range(0, m.Bundle.Entry.Count).Select(i => Entry(m, i))],
            m.Option);
    }

    internal static ProvidedDocument Document(ProvideMessage m, DocumentPart part)
    {
        var metadata = MetadataReader.Read(part.Source, m.Resolver) with
        {
            Sha1 = part.IsFhirDocument ? [] : ContentRules.Sha1(part.Content),
            Sha256 = SHA256.HashData(part.Content),
            Size = part.Content.Length,
            Relations = part.Relations,
        };
        var attachment = part.Source.Content[0].Attachment!;
        attachment.Hash = part.IsFhirDocument ? null : metadata.Sha1;
        attachment.SizeElement = part.IsFhirDocument ? null : new UnsignedInt(part.Content.Length);
        Containment.Take(part.Source, m.Resolver);
        return new ProvidedDocument
        {
            Metadata = metadata,
            Content = part.Content,
            Fhir = CanonicalDocument.Make(part.Source),
            RelationsByName = part.RelationsByName,
        };
    }

    private static ProvidedEntry Entry(ProvideMessage m, int index)
    {
        if (m.Submissions[0].Index == index) return new ProvidedEntry(ProvidedEntryKind.Submission);
        if (m.UpdatedDocuments.TryGetValue(index, out var updated)) return new ProvidedEntry(ProvidedEntryKind.Update, -1, updated);
        if (m.Folders.FindIndex(f => f.Index == index) is >= 0 and var folder) return new ProvidedEntry(m.Folders[folder].Existing ? ProvidedEntryKind.FilledFolder : ProvidedEntryKind.Folder, folder);
        var document = m.Documents.FindIndex(d => d.Index == index);
        if (document >= 0) return new ProvidedEntry(ProvidedEntryKind.Document, document);
        var content = m.Documents.FindIndex(d => d.ContentEntry == index);
        return content >= 0 ? new ProvidedEntry(ProvidedEntryKind.Content, content) : new ProvidedEntry(ProvidedEntryKind.Supporting);
    }
}

using Dsp.Documents;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Mhd;

internal static class RelationRules
{
    private const string DocumentReferenceType = "DocumentReference";

    /// <summary>A target is another entry of the message, a registered document by our id, or one by its unique id or entryUUID.</summary>
    public static void Resolve(ProvideMessage m)
    {
        foreach (var d in m.Documents)
        {
            for (var i = 0; i < d.Source.RelatesTo.Count; i++)
            {
                var relation = d.Source.RelatesTo[i];
                var path = $"{d.Path}.relatesTo[{i}].target";
                if (relation.Code is not { } code || relation.Target is not { } target) continue;
                var kind = code switch
                {
                    DocumentRelationshipType.Replaces => RelationKind.Replaces,
                    DocumentRelationshipType.Appends => RelationKind.Appends,
                    DocumentRelationshipType.Transforms => RelationKind.Transforms,
                    _ => RelationKind.Signs,
                };
                if (m.DocumentAt(target.Reference) is { } other)
                {
                    if (other == d) m.Problems.Add(Refusals.InvalidMetadata.Because("A document does not relate to itself.").At(path));
                    else d.RelationsByName.Add((kind, UniqueIds.Normal(other.Source.MasterIdentifier?.Value ?? "")));
                }
                else if (RecordReferences.Id(target.Reference, DocumentReferenceType, m.Settings.BaseUrl) is { } id)
                {
                    d.Relations.Add(new DocumentRelation(kind, new DocumentId(id)));
                }
                else if ((target.Identifier?.Value ?? target.Reference) is { } name && UniqueIds.IsValid(name))
                {
                    d.RelationsByName.Add((kind, UniqueIds.Normal(name)));
                }
                else
                {
                    m.Problems.Add(Refusals.UnresolvedReference.Because("The related document is named by our id, by its unique id or by an entry of this message.").At(path));
                }
            }
        }
    }

    /// <summary>
    /// The UpdateDocumentRefs slice: it may only say that a document replaced in the same message is superseded. The
    /// deposit does that itself, so the entry is checked and answered, and has no effect of its own.
    /// </summary>
    public static void UpdatesSupersede(ProvideMessage m)
    {
        foreach (var index in m.Updates)
        {
            var entry = m.Bundle.Entry[index];
            if (RecordReferences.Id(entry.Request?.Url, DocumentReferenceType, m.Settings.BaseUrl) is not { } id)
            {
                m.Problems.Add(Refusals.UnresolvedReference.Because("The update names no document of ours.").At(ProvideMessage.At(index, "request.url")));
                continue;
            }
            var target = new DocumentId(id);
            m.UpdatedDocuments[index] = target;
            if (entry.Request?.IfMatch is { } match)
            {
                if (Version(match) is { } version) m.KnownVersions[index] = version;
                else m.Problems.Add(Refusals.InvalidMetadata.Because("The version known is named as W/\"n\".").At(ProvideMessage.At(index, "request.ifMatch")));
            }
            // A target replaced by its unique id is compared where that id leads: at the deposit.
            if (!m.Documents.Exists(d => d.Relations.Contains(new DocumentRelation(RelationKind.Replaces, target)) || d.RelationsByName.Exists(r => r.Kind == RelationKind.Replaces)))
                m.Problems.Add(Refusals.InvalidMetadata.Because("An update comes with a document that replaces its target.").At(ProvideMessage.At(index, "request.url")));
            var supersedes = entry.Resource switch
            {
                DocumentReference updated => updated.Status == DocumentReferenceStatus.Superseded,
                Parameters patch => Supersedes(patch),
                _ => false,
            };
            if (!supersedes)
                m.Problems.Add(Refusals.InvalidMetadata.Because("An update only sets the status superseded.").At(ProvideMessage.At(index)));
        }
    }

    private static long? Version(string tag) =>
        tag.StartsWith("W/\"", StringComparison.Ordinal) && tag.EndsWith('"') && long.TryParse(tag.AsSpan(3, tag.Length - 4), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : null;

    private static bool Supersedes(Parameters patch) =>
        patch.Parameter is [{ Name: "operation" } operation]
        && Part(operation, "type") == "replace"
        && Part(operation, "path") is "DocumentReference.status"
        && Part(operation, "value") == "superseded";

    private static string? Part(Parameters.ParameterComponent operation, string name) =>
        operation.Part.Find(p => p.Name == name)?.Value?.ToString();
}

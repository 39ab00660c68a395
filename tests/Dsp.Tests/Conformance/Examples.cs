using Dsp.Interop.Fhir;
using Dsp.Tests.Support;
using Hl7.Fhir.Model;

namespace Dsp.Tests.Conformance;

/// <summary>The example instances of the guides that are R4 resources and claim a profile of a package of the corpus.</summary>
internal static class Examples
{
    public static IEnumerable<(string Name, Resource Resource)> All()
    {
        var folder = Shared.Require("corpora", "fhir-ig-instances");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var (resource, _) = FhirJson.Parse<Resource>(File.ReadAllBytes(file));
            if (resource is not null && resource.Meta?.Profile.Any(p => GuidePackages.Instance.Profile(p!) is not null) == true) yield return (Path.GetRelativePath(folder, file), resource);
        }
    }
}

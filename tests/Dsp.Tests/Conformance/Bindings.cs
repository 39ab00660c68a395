using Hl7.Fhir.Model;

namespace Dsp.Tests.Conformance;

/// <summary>Whether an element holds a code of a value set.</summary>
internal static class Bindings
{
    public static bool Has(PocoNode element, HashSet<Code> codes) => element.Poco switch
    {
        CodeableConcept concept => concept.Coding.Exists(c => Among(codes, c.System, c.Code)),
        Coding coding => Among(codes, coding.System, coding.Code),
        Quantity quantity => Among(codes, quantity.System, quantity.Code),
        PrimitiveType => Among(codes, null, Slicing.Text(element)),
        _ => true,
    };

    private static bool Among(HashSet<Code> codes, string? system, string? code) => codes.Any(c => c.Is(system, code));
}

using Dsp.Clinical;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Ips;

/// <summary>What a statement's resource refers to: by <c>urn:uuid</c> inside a document, by address in a search.</summary>
internal interface IStatementLinks
{
    ResourceReference Patient { get; }

    /// <summary>A resource another one refers to, made once.</summary>
    ResourceReference Support(string kind, string name, Func<Resource> make);

    /// <summary>Who says so: the person, else the institution, else who deposited; null where nobody is named.</summary>
    ResourceReference? Author(RecordedFact said);
}

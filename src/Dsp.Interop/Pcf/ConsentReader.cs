using Dsp.Access;
using Dsp.Codes;
using Dsp.Documents;
using Dsp.Interop.Fhir;
using Dsp.Interop.Mhd;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Pcf;

/// <summary>
/// A Consent in the words of the record's rules. What the rules cannot hold exactly is refused, with every rule it breaks;
/// nothing is understood by half.
/// </summary>
public static class ConsentReader
{
    private const int LongestRisk = 1000;

    /// <param name="baseUrl">Our own base, without a slash at its end: absolute references of it are ours.</param>
    /// <param name="now">A choice begins now, or has begun.</param>
    public static Outcome<WantedChoice> Read(ReadOnlySpan<byte> json, string baseUrl, DateTimeOffset now)
    {
        var (consent, unreadable) = FhirJson.Parse<Consent>(json);
        var problems = new Problems();
        problems.AddRange(unreadable);
        // A code or value that FHIR does not know cannot be looked at; an element that is missing can be told with all the rest.
        if (consent is null || unreadable.Any(r => r.Id != Refusals.MissingMetadata.Id)) return problems.Any ? problems.Refusal() : Refusals.Malformed;
        var wanted = new Reading(consent, baseUrl, now, problems).Wanted();
        return problems.Any ? problems.Refusal() : wanted!;
    }

    private sealed class Reading(Consent consent, string baseUrl, DateTimeOffset now, Problems problems)
    {
        private readonly Consent.provisionComponent provision = consent.Provision ?? new Consent.provisionComponent();
        private ChoiceKind? kind;

        /// <returns>Null only where a problem was noted.</returns>
        public WantedChoice? Wanted()
        {
            Form();
            Whole();
            kind = Policy();
            Purposes();
            Labels();
            Type();
            var period = Period();
            var actors = Actors(provision.Actor, "Consent.provision.actor");
            var (document, except) = (Document(), Except());
            var wanted = new WantedChoice(kind ?? ChoiceKind.General, Patient() ?? new PatientIdentifier("", ""))
            {
                Id = consent.Id, Ended = consent.Status == Consent.ConsentState.Inactive, Denied = provision.Type == Consent.ConsentProvisionType.Deny,
                Until = period, Document = document, FromEveryone = kind == ChoiceKind.Mask && actors.Count == 0, Except = except, AcknowledgedRisk = Risk(),
            };
            if (kind == ChoiceKind.Country) wanted = wanted with { Country = Country() };
            else if (kind == ChoiceKind.Objection) wanted = Objection(wanted);
            else if (actors is [var one]) wanted = wanted with { Person = one.Person, Institution = one.Institution };
            return wanted;
        }

        private void Form()
        {
            problems.Rule = ConsentRules.Form;
            Need(consent.Patient is not null, "patient");
            Need(consent.DateTimeElement is not null, "dateTime");
            Need(consent.Performer.Count > 0, "performer");
            Need(consent.Organization.Count > 0, "organization");
            Need(consent.Source is not null, "source");
            Need(consent.Provision?.Type is not null, "provision.type");
            if (consent.Scope is not null && !Has(consent.Scope, ConsentNames.ScopeSystem, ConsentNames.Privacy)) problems.Add(Refusals.InvalidMetadata.Because("The scope is patient-privacy.").At("Consent.scope"));
            if (consent.Category.Count > 0 && !(consent.Category is [var category] && Has(category, ConsentNames.Loinc, ConsentNames.ConsentDocument))) problems.Add(Refusals.InvalidMetadata.Because("The category is LOINC 59284-0.").At("Consent.category"));
            Inexact(ConsentRules.Status, consent.Status is Consent.ConsentState.Active or Consent.ConsentState.Inactive, "Consent.status");
            if (consent.Status != Consent.ConsentState.Inactive && consent.Performer.Count > 0)
                Inexact(ConsentRules.Performer, consent.Performer is [var only] && consent.Patient is { } patient && only.Reference == patient.Reference && Same(only.Identifier, patient.Identifier), "Consent.performer");
            if (consent.Source is not null)
                Inexact(ConsentRules.Source, consent.Source is Attachment { Data: null, Url: null } paper && !(paper.Title?.Length > LongestRisk), "Consent.source");
        }

        private void Whole()
        {
            Inexact(ConsentRules.Whole, consent.Identifier.Count == 0, "Consent.identifier");
            Inexact(ConsentRules.Whole, consent.Meta is null || consent.Meta.Security.Count + consent.Meta.Tag.Count == 0, "Consent.meta");
            Inexact(ConsentRules.Whole, consent.ImplicitRules is null && consent.Contained.Count == 0 && !Descendants(consent).Any(IsExtended), "Consent.extension");
            Inexact(ConsentRules.Whole, consent.Verification.Count == 0, "Consent.verification");
        }

        private ChoiceKind? Policy()
        {
            if (consent.Policy.Exists(p => p.Uri == ConsentPolicies.BreakGlassOnly)) Off("Consent.policy");
            var found = consent.Policy is [var policy] && consent.PolicyRule is null && ConsentPolicies.KindOf(policy.Uri) is { } of && (policy.Authority is null || policy.Authority == ConsentPolicies.AuthorityOf(of)) ? of : (ChoiceKind?)null;
            if (!consent.Policy.Exists(p => p.Uri == ConsentPolicies.BreakGlassOnly)) Inexact(ConsentRules.Policy, found is not null, "Consent.policy");
            return found;
        }

        private void Purposes()
        {
            var all = provision.Provision.Prepend(provision).SelectMany(p => p.Purpose).ToList();
            if (all.Exists(p => p is { System: ConsentNames.ReasonSystem, Code: ConsentNames.BreakGlass })) Off("Consent.provision.purpose");
            Inexact(ConsentRules.Purpose, all.TrueForAll(p => p.System == ConsentNames.ReasonSystem && p.Code is ConsentNames.Treatment or ConsentNames.BreakGlass), "Consent.provision.purpose");
        }

        private void Labels()
        {
            var objects = kind == ChoiceKind.Objection;
            foreach (var part in provision.Provision.Prepend(provision))
                Inexact(ConsentRules.Labels, part.SecurityLabel.Count + part.Code.Count == 0 && (objects || part.Class.Count + part.Action.Count == 0), "Consent.provision.securityLabel");
            Inexact(ConsentRules.Labels, objects || provision.DataPeriod is null, "Consent.provision.dataPeriod");
        }

        private void Type()
        {
            if (kind is null or ChoiceKind.General || provision.Type is not { } type) return;
            Inexact(ConsentRules.Type, type == (kind is ChoiceKind.Circle or ChoiceKind.Country ? Consent.ConsentProvisionType.Permit : Consent.ConsentProvisionType.Deny), "Consent.provision.type");
        }

        /// <summary>The end of a circle, or of waiting for the record to open.</summary>
        private DateTimeOffset? Period()
        {
            if (provision.Period is not { } period) return null;
            var (start, end) = (Instant(period.Start, atItsEnd: false), Instant(period.End, atItsEnd: true));
            Inexact(ConsentRules.Period, (period.Start is null || start <= now) && (period.End is null || end is not null), "Consent.provision.period");
            var ended = consent.Status == Consent.ConsentState.Inactive;
            Inexact(ConsentRules.Period, period.End is null || ended || kind is ChoiceKind.Circle or ChoiceKind.General, "Consent.provision.period.end");
            return kind is ChoiceKind.Circle or ChoiceKind.General ? end : null;
        }

        private IReadOnlyList<ActorRef> Actors(List<Consent.provisionActorComponent> actors, string path)
        {
            if (kind == ChoiceKind.Country) return [];
            var read = actors.Select(a => Has(a.Role, ConsentNames.RoleSystem, ConsentNames.Recipient) ? Actor(a.Reference) : null).ToList();
            var fits = kind switch
            {
                ChoiceKind.Circle or ChoiceKind.Block => read.Count == 1,
                ChoiceKind.Mask => read.Count <= 1,
                ChoiceKind.General => read.Count == 0,
                ChoiceKind.Objection => read.Count == 0,
                _ => true,
            };
            Inexact(kind == ChoiceKind.General ? ConsentRules.General : ConsentRules.Actor, fits && read.TrueForAll(a => a is not null), path);
            return [.. read.OfType<ActorRef>()];
        }

        /// <summary>A professional or institution of the register; for a hidden document also somebody who represents the holder.</summary>
        private ActorRef? Actor(ResourceReference? reference)
        {
            if (RecordReferences.Id(reference?.Reference, "Practitioner", baseUrl) is { } person) return ActorRef.Of(new PersonId(person));
            if (RecordReferences.Id(reference?.Reference, "Organization", baseUrl) is { } institution) return ActorRef.Of(new InstitutionId(institution));
            return kind == ChoiceKind.Mask && reference is { Reference: null, Identifier: { System: ConsentNames.PersonSystem, Value: { } value } } && Ids.TryParse(value, out var represents) ? ActorRef.Of(new PersonId(represents)) : null;
        }

        private DocumentId? Document()
        {
            if (kind == ChoiceKind.Objection) return null;
            var hidden = provision.Data is [{ Meaning: Consent.ConsentDataMeaning.Instance } only] && RecordReferences.Id(only.Reference?.Reference, "DocumentReference", baseUrl) is { } id ? new DocumentId(id) : (DocumentId?)null;
            var all = provision.Provision.SelectMany(p => p.Data).Concat(provision.Data).ToList();
            if (kind == ChoiceKind.General) Inexact(ConsentRules.General, all.Count == 0, "Consent.provision.data");
            else Inexact(ConsentRules.Data, kind == ChoiceKind.Mask ? hidden is not null && all.Count == 1 : all.Count == 0, "Consent.provision.data");
            return kind == ChoiceKind.Mask ? hidden : null;
        }

        private IReadOnlyList<PersonId> Except()
        {
            if (provision.Provision.Count == 0) return [];
            var seen = provision.Provision is [{ Type: Consent.ConsentProvisionType.Permit, Period: null, DataPeriod: null, Provision: [], Actor: { Count: > 0 } actors }] && kind == ChoiceKind.Mask && provision.Actor.Count == 0
                ? actors.Select(a => Has(a.Role, ConsentNames.RoleSystem, ConsentNames.Recipient) ? Actor(a.Reference)?.Person : null).ToList()
                : [null];
            Inexact(ConsentRules.Nested, seen.TrueForAll(p => p is not null), "Consent.provision.provision");
            return [.. seen.OfType<PersonId>()];
        }

        private WantedChoice Objection(WantedChoice wanted)
        {
            var authored = provision.Data.Where(d => d.Meaning == Consent.ConsentDataMeaning.Authoredby).Select(d => Actor(d.Reference)).ToList();
            var orders = provision.Data.Where(d => d.Meaning == Consent.ConsentDataMeaning.Related).Select(d => d.Reference is { Reference: null, Identifier: { System: null, Value: { Length: > 0 } value } } ? value : null).ToList();
            var category = provision.Class is [{ System: ConsentNames.CategorySystem, Code: { } code }] && Enum.TryParse<DataCategory>(code, out var named) && named.ToString() == code ? named : (DataCategory?)null;
            var (from, to) = (Instant(provision.DataPeriod?.Start, atItsEnd: false), Instant(provision.DataPeriod?.End, atItsEnd: true));
            var exact = provision.Action is [var action] && Has(action, ConsentNames.ActionSystem, ConsentNames.Collect)
                && authored.TrueForAll(a => a is not null) && authored.Count(a => a?.Person is not null) <= 1 && authored.Count(a => a?.Institution is not null) <= 1
                && orders.Count <= 1 && orders.TrueForAll(o => o is not null) && authored.Count + orders.Count == provision.Data.Count
                && provision.Class.Count == (category is null ? 0 : 1) && (provision.DataPeriod?.Start is null == from is null) && (provision.DataPeriod?.End is null == to is null);
            Inexact(ConsentRules.Objection, exact && (authored.Count + orders.Count > 0 || category is not null), "Consent.provision");
            return wanted with
            {
                Person = authored.Find(a => a?.Person is not null)?.Person,
                Institution = authored.Find(a => a?.Institution is not null)?.Institution,
                Order = orders.FirstOrDefault(),
                Category = category,
                From = from,
                To = to,
            };
        }

        private string? Country()
        {
            var country = provision.Actor is [var actor] && Has(actor.Role, ConsentNames.RoleSystem, ConsentNames.Recipient) && actor.Reference is { Reference: null, Identifier: { System: ConsentNames.CountrySystem, Value: { } code } } ? code : null;
            Inexact(ConsentRules.Country, EuropeanCountries.Has(country), "Consent.provision.actor");
            return country;
        }

        private PatientIdentifier? Patient()
        {
            if (consent.Patient is not { } patient) return null;
            var named = RecordReferences.Read(patient.Reference, baseUrl)
                ?? (patient is { Reference: null, Identifier: { System: { Length: > 0 } system, Value: { Length: > 0 } value } } ? new PatientIdentifier(system, value) : null);
            if (named is null) problems.Add(Refusals.UnresolvedReference.Because("The patient is named as Patient/{id} of this server, or by an identifier.").At("Consent.patient"));
            return named;
        }

        private string? Risk() => consent.Source is Attachment { Title: { Length: > 0 } title } ? title : null;

        private void Need(bool there, string element)
        {
            if (!there) problems.Add(Refusals.MissingMetadata.Because($"The element {element} is missing.").At("Consent." + element));
        }

        private void Inexact(string rule, bool holds, string path)
        {
            problems.Rule = rule;
            if (!holds) problems.Add(Refusals.ConsentInexact.At(path));
        }

        private void Off(string path)
        {
            problems.Rule = ConsentRules.BreakGlass;
            problems.Add(Refusals.BreakGlassOff.At(path));
        }
    }

    /// <summary>A day as a bound begins with its first instant, and lasts to its end.</summary>
    private static DateTimeOffset? Instant(string? text, bool atItsEnd)
    {
        if (!FhirDates.TryParse(text, out PartialDate date)) return null;
        return atItsEnd && !text!.Contains('T', StringComparison.Ordinal) ? date.To : date.From;
    }

    private static bool Has(CodeableConcept? concept, string system, string code) => concept?.Coding is [var only] && only.System == system && only.Code == code;

    private static bool Same(Identifier? one, Identifier? other) => one?.System == other?.System && one?.Value == other?.Value;

    private static bool IsExtended(Base element) => element is IModifierExtendable { ModifierExtension.Count: > 0 } || (element is IExtendable { Extension.Count: > 0 } && element is not Narrative);

    private static IEnumerable<Base> Descendants(Base element) =>
        element.EnumerateElements().Where(e => e.Key is not "text").Select(e => e.Value).SelectMany(v => v is Base one ? [one] : v is IEnumerable<Base> many ? many : []).SelectMany(b => Descendants(b).Prepend(b)).Prepend(element);
}

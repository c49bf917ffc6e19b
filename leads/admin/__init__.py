from leads.admin.leads import LeadAdmin

__all__ = ["LeadAdmin"]
